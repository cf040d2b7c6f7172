/**
 * Bodies of messages in a service that keeps objects, such as S3.
 *
 * <p>In: bodies under keys. Out: ranges of their octets, and what keys there are. Callers: the
 * store that several servers share. Threads: any, virtual ones too; a call blocks until the service
 * answered.
 */
@NullMarked
package dev.postrider.storage.objects;

import org.jspecify.annotations.NullMarked;
