package dev.postrider.server.smtp;

import dev.postrider.server.auth.Authenticator;
import dev.postrider.server.config.ServerConfig;
import dev.postrider.server.intake.Intake;
import dev.postrider.server.policy.Policy;
import dev.postrider.storage.messages.Spool;
import java.time.InstantSource;

/** What all sessions share. */
record Services(
    ServerConfig config,
    Intake intake,
    Authenticator authenticator,
    Spool spool,
    Policy policy,
    SendingRate sendingRate,
    InstantSource clock) {}
