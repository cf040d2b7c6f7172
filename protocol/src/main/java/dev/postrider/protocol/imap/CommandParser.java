package dev.postrider.protocol.imap;

import dev.postrider.protocol.imap.Extension.Place;
import dev.postrider.protocol.imap.ImapCommand.StatusItem;
import dev.postrider.protocol.imap.ImapCommand.StoreAction;
import dev.postrider.protocol.imap.ImapCommand.ThreadAlgorithm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** From the words of a command to the command. RFC 3501 section 9. */
final class CommandParser {

  /** Fields of ID. RFC 2971 section 3.3. */
  static final int ID_FIELDS_MAX = 30;

  /** Octets of an ID value. RFC 2971 section 3.3. */
  static final int ID_VALUE_OCTETS_MAX = 1024;

  private static final int CAPABILITIES_MAX = 50;

  private final CommandScanner in;

  private CommandParser(CommandScanner in) {
    this.in = in;
  }

  /**
   * The command behind a tag and a space. A command with a streamed literal is read up to where
   * that begins.
   */
  static ImapCommand parse(CommandScanner in) throws IOException, UnacceptableCommandException {
    CommandParser parser = new CommandParser(in);
    String name = in.word();
    if (!in.speaks(Place.COMMAND, name)) {
      throw unknown(name);
    }
    ImapCommand command = parser.named(name);
    if (!(command instanceof ImapCommand.Uploading)) {
      in.end();
    }
    return command;
  }

  private ImapCommand named(String name) throws IOException, UnacceptableCommandException {
    return switch (name) {
      case "CAPABILITY" -> new ImapCommand.Capability();
      case "NOOP" -> new ImapCommand.Noop();
      case "LOGOUT" -> new ImapCommand.Logout();
      case "STARTTLS" -> new ImapCommand.StartTls();
      case "NAMESPACE" -> new ImapCommand.Namespace();
      case "IDLE" -> new ImapCommand.Idle();
      case "CHECK" -> new ImapCommand.Check();
      case "CLOSE" -> new ImapCommand.Close();
      case "UNAUTHENTICATE" -> new ImapCommand.Unauthenticate();
      case "UNSELECT" -> new ImapCommand.Unselect();
      case "EXPUNGE" -> new ImapCommand.Expunge(Optional.empty());
      default -> withArguments(name);
    };
  }

  private ImapCommand withArguments(String name) throws IOException, UnacceptableCommandException {
    return switch (name) {
      case "ID" -> id();
      case "AUTHENTICATE" -> authenticate();
      case "LOGIN" -> login();
      case "COMPRESS" -> new ImapCommand.Compress(spaced().atom().toUpperCase(Locale.ROOT));
      case "ENABLE" -> enable();
      case "SELECT" -> new ImapCommand.Select(mailbox(), ModifiersParser.ofSelect(in));
      case "EXAMINE" -> new ImapCommand.Examine(mailbox(), ModifiersParser.ofSelect(in));
      case "CREATE" -> create();
      case "DELETE" -> new ImapCommand.Delete(mailbox());
      case "RENAME" -> new ImapCommand.Rename(mailbox(), mailbox());
      case "SUBSCRIBE" -> new ImapCommand.Subscribe(mailbox());
      case "UNSUBSCRIBE" -> new ImapCommand.Unsubscribe(mailbox());
      case "LIST" -> list();
      case "LSUB" -> new ImapCommand.Lsub(mailbox(), new ListPattern(pattern()));
      case "STATUS" -> status();
      case "APPEND" -> new ImapCommand.Append(mailbox(), AppendParser.message(in));
      case "SETACL" -> setAcl();
      case "DELETEACL" -> new ImapCommand.DeleteAcl(mailbox(), identifier());
      case "GETACL" -> new ImapCommand.GetAcl(mailbox());
      case "LISTRIGHTS" -> new ImapCommand.ListRights(mailbox(), identifier());
      case "MYRIGHTS" -> new ImapCommand.MyRights(mailbox());
      case "NOTIFY" -> new NotifyParser(spaced()).parse();
      case "GETQUOTA" -> new ImapCommand.GetQuota(spaced().astringText());
      case "GETQUOTAROOT" -> new ImapCommand.GetQuotaRoot(mailbox());
      case "GETMETADATA" -> new MetadataParser(spaced()).get();
      case "SETMETADATA" -> new MetadataParser(spaced()).set();
      default -> onMessages(name);
    };
  }

  private ImapCommand onMessages(String name) throws IOException, UnacceptableCommandException {
    if (name.equals("UID")) {
      in.space();
      String second = in.word();
      if (!in.speaks(Place.COMMAND, second)) {
        throw unknown("UID " + second);
      }
      return second.equals("EXPUNGE")
          ? new ImapCommand.Expunge(Optional.of(messages()))
          : numbered(second, true);
    }
    return numbered(name, false);
  }

  private ImapCommand numbered(String name, boolean byUid)
      throws IOException, UnacceptableCommandException {
    return switch (name) {
      case "FETCH" -> fetch(byUid);
      case "SEARCH" -> SearchKeyParser.parse(spaced(), byUid);
      case "SORT" -> SortParser.parse(spaced(), byUid);
      case "THREAD" -> thread(byUid);
      case "STORE" -> store(byUid);
      case "COPY" -> new ImapCommand.Copy(byUid, messages(), mailbox());
      case "MOVE" -> new ImapCommand.Move(byUid, messages(), mailbox());
      case "REPLACE" ->
          new ImapCommand.Replace(byUid, message(), mailbox(), AppendParser.message(in));
      default -> throw unknown((byUid ? "UID " : "") + name);
    };
  }

  private static UnacceptableCommandException unknown(String name) {
    return UnacceptableCommandException.syntax("Unknown command " + shortened(name));
  }

  private static String shortened(String name) {
    return name.length() > 30 ? name.substring(0, 30) + "..." : name;
  }

  private CommandScanner spaced() throws UnacceptableCommandException {
    in.space();
    return in;
  }

  private String mailbox() throws IOException, UnacceptableCommandException {
    return spaced().mailbox();
  }

  private String pattern() throws IOException, UnacceptableCommandException {
    return spaced().listMailbox();
  }

  /** RFC 4314 section 7. */
  private String identifier() throws IOException, UnacceptableCommandException {
    return spaced().astringText();
  }

  private ImapCommand setAcl() throws IOException, UnacceptableCommandException {
    String mailbox = mailbox();
    String identifier = identifier();
    String rights = spaced().astringText();
    StoreAction action =
        rights.startsWith("+")
            ? StoreAction.ADD
            : rights.startsWith("-") ? StoreAction.REMOVE : StoreAction.REPLACE;
    return new ImapCommand.SetAcl(
        mailbox, identifier, action, action == StoreAction.REPLACE ? rights : rights.substring(1));
  }

  private SequenceSet message() throws UnacceptableCommandException {
    return spaced().oneMessage();
  }

  private SequenceSet messages() throws UnacceptableCommandException {
    return spaced().messageSet();
  }

  private ImapCommand id() throws IOException, UnacceptableCommandException {
    in.space();
    Map<String, String> fields = new LinkedHashMap<>();
    if (!in.take('(')) {
      if (in.nstring().isPresent()) {
        throw UnacceptableCommandException.syntax("ID takes a list or NIL");
      }
      return new ImapCommand.Id(fields);
    }
    while (!in.take(')')) {
      String field = CommandScanner.text(in.string()).toLowerCase(Locale.ROOT);
      in.space();
      Optional<String> value = in.nstring();
      in.take(' ');
      if (fields.size() < ID_FIELDS_MAX) {
        value
            .filter(v -> v.length() <= ID_VALUE_OCTETS_MAX)
            .ifPresent(v -> fields.putIfAbsent(field, v));
      }
    }
    return new ImapCommand.Id(fields);
  }

  private ImapCommand authenticate() throws UnacceptableCommandException {
    in.space();
    String mechanism = in.atom().toUpperCase(Locale.ROOT);
    Optional<String> initial = in.take(' ') ? Optional.of(in.atom()) : Optional.empty();
    return new ImapCommand.Authenticate(mechanism, initial);
  }

  private ImapCommand login() throws IOException, UnacceptableCommandException {
    in.space();
    String name = in.astringText();
    in.space();
    return new ImapCommand.Login(name, new Secret(in.astring()));
  }

  private ImapCommand enable() throws UnacceptableCommandException {
    List<String> names = new ArrayList<>();
    do {
      in.space();
      names.add(in.atom().toUpperCase(Locale.ROOT));
    } while (in.isNext(' ') && names.size() < CAPABILITIES_MAX);
    names.removeIf(name -> !in.speaks(Place.ENABLE, name));
    return new ImapCommand.Enable(names);
  }

  private ImapCommand create() throws IOException, UnacceptableCommandException {
    String name = mailbox();
    boolean parentToBe =
        name.length() > 1 && name.charAt(name.length() - 1) == MailboxName.SEPARATOR;
    return new ImapCommand.Create(
        parentToBe ? name.substring(0, name.length() - 1) : name,
        parentToBe,
        ModifiersParser.ofCreate(in));
  }

  private ImapCommand list() throws IOException, UnacceptableCommandException {
    in.space();
    ListOptionsParser options = new ListOptionsParser(in);
    EnumSet<ImapCommand.ListSelection> selections = EnumSet.noneOf(ImapCommand.ListSelection.class);
    boolean extended = in.isNext('(');
    if (extended) {
      selections = options.selections();
      in.space();
    }
    String reference = in.mailbox();
    in.space();
    extended |= in.isNext('(');
    List<ListPattern> patterns = options.patterns();
    ListOptionsParser.Returns returns = ListOptionsParser.Returns.NONE;
    if (in.isNext(' ')) {
      returns = options.returns();
      extended = true;
    }
    return new ImapCommand.List(
        reference,
        patterns,
        selections,
        returns.options(),
        returns.status(),
        returns.metadata(),
        extended);
  }

  private ImapCommand status() throws IOException, UnacceptableCommandException {
    String mailbox = mailbox();
    in.space();
    return new ImapCommand.Status(mailbox, statusItems(in));
  }

  /** In parentheses; each once, and in our order. */
  static List<StatusItem> statusItems(CommandScanner in) throws UnacceptableCommandException {
    in.expect('(');
    EnumSet<StatusItem> items = EnumSet.noneOf(StatusItem.class);
    do {
      items.add(statusItem(in.word(Place.STATUS)));
    } while (in.take(' '));
    in.expect(')');
    return List.copyOf(items);
  }

  private static StatusItem statusItem(String word) throws UnacceptableCommandException {
    for (StatusItem item : StatusItem.values()) {
      if (item.word().equals(word)) {
        return item;
      }
    }
    throw UnacceptableCommandException.syntax("Unknown status item " + shortened(word));
  }

  private ImapCommand fetch(boolean byUid) throws IOException, UnacceptableCommandException {
    SequenceSet messages = messages();
    List<FetchItem> items = FetchItemsParser.parse(spaced());
    ModifiersParser.OfFetch modifiers = ModifiersParser.ofFetch(in, byUid);
    return new ImapCommand.Fetch(
        byUid,
        messages,
        items,
        modifiers.changedSince(),
        modifiers.vanished(),
        modifiers.partial());
  }

  private ImapCommand thread(boolean byUid) throws IOException, UnacceptableCommandException {
    ThreadAlgorithm algorithm = threadAlgorithm(spaced().word(Place.THREAD));
    return new ImapCommand.Thread(byUid, algorithm, SearchKeyParser.criteria(spaced()));
  }

  private static ThreadAlgorithm threadAlgorithm(String word) throws UnacceptableCommandException {
    for (ThreadAlgorithm algorithm : ThreadAlgorithm.values()) {
      if (algorithm.name().equals(word)) {
        return algorithm;
      }
    }
    throw UnacceptableCommandException.syntax("Unknown threading algorithm " + shortened(word));
  }

  private ImapCommand store(boolean byUid) throws UnacceptableCommandException {
    SequenceSet messages = messages();
    OptionalLong unchangedSince = ModifiersParser.unchangedSince(in);
    in.space();
    StoreAction action =
        in.take('+') ? StoreAction.ADD : in.take('-') ? StoreAction.REMOVE : StoreAction.REPLACE;
    String item = in.word();
    boolean silent = item.equals("FLAGS.SILENT");
    if (!silent && !item.equals("FLAGS")) {
      throw UnacceptableCommandException.syntax("STORE takes FLAGS or FLAGS.SILENT");
    }
    in.space();
    return new ImapCommand.Store(
        byUid, messages, unchangedSince, action, silent, new FlagsParser(in).ofStore());
  }
}
