/**
 * The running programs among real peers. Each test has a server of its own; {@link
 * dev.postrider.integration.Program} runs what comes from the operating system and fails, with the
 * remedy, when it is not there.
 */
package dev.postrider.integration;
