package dev.postrider.server.imap;

/** An algorithm of THREAD. It is given the messages one after the other, in their order. */
sealed interface Threading permits SubjectThreads, ReferenceThreads {

  void add(ThreadedMessage message);

  /** Whether it can keep no more; the threads would be wrong then. */
  boolean isFull();

  /** Threads of all messages, which are numbered from 0 as they were added. */
  ThreadForest threads();
}
