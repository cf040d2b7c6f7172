/**
 * Whole servers that are killed under load, or have no room on their disk: clients that know what
 * they were promised, and what is there afterwards.
 */
package dev.postrider.integration.proof;
