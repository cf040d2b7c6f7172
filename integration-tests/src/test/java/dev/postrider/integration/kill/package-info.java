/**
 * Two servers that are killed under load: clients that know what they were promised, and what is
 * there afterwards.
 */
package dev.postrider.integration.kill;
