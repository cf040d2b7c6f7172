package dev.postrider.server.policy;

/** Judges messages before they are accepted, from strangers and from our users alike. */
@FunctionalInterface
public interface Policy {

  Verdict judge(Candidate message);
}
