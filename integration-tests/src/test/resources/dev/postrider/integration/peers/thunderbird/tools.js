// What the steps of a session have at hand, in the main window of Thunderbird.
const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const win = Services.wm.getMostRecentWindow("mail:3pane");
const a3 = win.document.getElementById("tabmail").currentAbout3Pane;
const server = MailServices.accounts.accounts.find(a => a.incomingServer.type == "imap").incomingServer;
const root = server.rootFolder;
const inbox = () => root.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox);
const sleep = ms => new Promise(resolve => win.setTimeout(resolve, ms));

// What `f` returns once that is true, or after the time limit whatever it is then.
const until = async (f, ms = 30000) => {
  for (const end = Date.now() + ms; ; await sleep(150)) {
    let value = null;
    try { value = f(); } catch (e) { value = null; }
    if (value || Date.now() > end) return value;
  }
};

const path = f =>
  f.isServer ? "" : (f.parent.isServer ? "" : path(f.parent) + "/") + (f.localizedName || f.name);
const box = name => root.descendants.find(f => path(f) == name) || null;
// The name as the server spells it.
const wire = f => decodeURI(f.URI.split("/").slice(3).join("/"));
const find = (f, subject) => [...f.messages].find(h => h.mime2DecodedSubject.includes(subject));
const subjects = f => [...f.messages].map(h => h.mime2DecodedSubject).sort();

const ended = (resolve, reject) => ({
  OnStartRunningUrl() {},
  OnStopRunningUrl(url, status) {
    Components.isSuccessCode(status) ? resolve(true) : reject(new Error("0x" + (status >>> 0).toString(16)));
  },
});
const refresh = f => new Promise((resolve, reject) =>
  f.QueryInterface(Ci.nsIMsgImapMailFolder).updateFolderWithListener(win.msgWindow, ended(resolve, reject)));
const copied = start => new Promise((resolve, reject) => start({
  onStartCopy() {}, onProgress() {}, setMessageKey() {}, getMessageId() { return null; },
  onStopCopy(status) {
    Components.isSuccessCode(status) ? resolve(true) : reject(new Error("0x" + (status >>> 0).toString(16)));
  },
  QueryInterface: ChromeUtils.generateQI(["nsIMsgCopyServiceListener"]),
}));
const composing = () => Services.wm.getMostRecentWindow("msgcompose");
// A window with a letter in it, ready to be sent.
const compose = async (to, subject, html, attachment) => {
  const parameters = Cc["@mozilla.org/messengercompose/composeparams;1"].createInstance(Ci.nsIMsgComposeParams);
  const fields = Cc["@mozilla.org/messengercompose/composefields;1"].createInstance(Ci.nsIMsgCompFields);
  fields.to = to; fields.subject = subject; fields.body = html;
  if (attachment) {
    const part = Cc["@mozilla.org/messengercompose/attachment;1"].createInstance(Ci.nsIMsgAttachment);
    part.url = "data:text/plain;base64," + btoa(attachment.text);
    part.name = attachment.name; part.contentType = "text/plain";
    fields.addAttachment(part);
  }
  parameters.composeFields = fields;
  parameters.type = Ci.nsIMsgCompType.New; parameters.format = Ci.nsIMsgCompFormat.HTML;
  parameters.identity = MailServices.accounts.allIdentities[0];
  MailServices.compose.OpenComposeWindowWithParams(null, parameters);
  await until(() => composing()?.gMsgCompose?.editor && composing().document.readyState == "complete"
    && composing().gWindowLocked === false);
  await sleep(1000);
};
