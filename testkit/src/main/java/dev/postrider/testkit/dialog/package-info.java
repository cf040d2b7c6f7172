/**
 * Plays dialogs: text files that say what a client sends and what the server must answer.
 *
 * <pre>
 * # RFC 5321 section 3.3: a mail transaction.
 * S: 220 mx.a.test ESMTP {{.*}}
 * C: EHLO client.test
 * S: ...
 * S: 250 {{.*}}
 * C: MAIL FROM:&lt;alice@a.test&gt;
 * S: 250 2.1.0 {{.*}}
 * </pre>
 *
 * <p>A line is a comment ({@code #} first), empty, or a step. A step may start with the name of a
 * connection ({@code imap1 C: …}); without one it belongs to the connection named "". A connection
 * is opened at its first step.
 *
 * <ul>
 *   <li>{@code C: text} sends the text and CRLF. {@code C-: text} sends it without CRLF. {@code
 *       C*100: text} sends it a hundred times.
 *   <li>{@code C<<} up to {@code >>} sends each line between with CRLF, as it stands. In the {@code
 *       C:} line before, {@code {literal}}, {@code {literal+}} or {@code {literal-}} is replaced by
 *       the count of the block's octets, {@code {42}}, so that an APPEND reads as in the RFC: after
 *       the block, {@code C:} ends the command.
 *   <li>{@code S: text} reads one line, which must end in CRLF and match. {@code S*100: text} reads
 *       a hundred. {@code S<<} up to {@code >>} is a block of them. {@code S: ...} skips any number
 *       of lines up to the one that matches the next {@code S:}.
 *   <li>{@code S-: text} reads exactly as many octets as the text has, without a line's end; it
 *       takes no {@code {{…}}} but {@code {{=name}}}.
 *   <li>{@code starttls} makes the TLS handshake, {@code close} closes, {@code half-close} closes
 *       our direction, {@code expect-close} requires the end of what the server says, and nothing
 *       before it.
 * </ul>
 *
 * <p>In texts, {@code \xHH} is an octet, and <code>{{=name}}</code> the value captured before. In
 * server texts, <code>{{regex}}</code> matches and <code>{{name=regex}}</code> captures; a name
 * that is captured again must have the same value. Everything else stands for itself, backslashes
 * included ({@code \Seen}).
 *
 * <p>Use:
 *
 * <pre>
 * try (DialogPlayer player = new DialogPlayer(name -&gt; SocketTransport.connect(address))) {
 *   player.play(Dialog.resource(FetchHandlerTest.class, "fetch.dialog"));
 * }
 *
 * &#64;TestFactory
 * Stream&lt;DynamicTest&gt; dialogs() {
 *   return Dialog.resourcesIn(ImapDialogsTest.class, "dialogs")
 *       .map(dialog -&gt; dynamicTest(dialog.name(), () -&gt; play(dialog)));
 * }
 * </pre>
 *
 * <p>In: dialog files, a {@link Transport} per connection (a {@link DuplexPipe} end or a {@link
 * SocketTransport}). Out: nothing, or a {@link DialogFailure} with file, line, what was expected,
 * what came, and the transcript. Callers: tests. Threads: a dialog is played on the calling thread,
 * which reads; one virtual thread per connection writes, so that pipelined commands cannot block
 * against a server that waits for us to read its replies.
 */
@NullMarked
package dev.postrider.testkit.dialog;

import org.jspecify.annotations.NullMarked;
