#include "signaling/mail/smtp_client.h"

#include <curl/curl.h>

#include <memory>
#include <mutex>
#include <utility>

namespace signaling::mail {

namespace {

struct CleanUp {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};
using Handle = std::unique_ptr<CURL, CleanUp>;
using Mime = std::unique_ptr<curl_mime, CleanUp>;

class List {
 public:
  void add(const std::string& line) {
    if (curl_slist* longer = curl_slist_append(list_.get(), line.c_str())) {
      [[maybe_unused]] auto* same = list_.release();
      list_.reset(longer);
    }
  }
  [[nodiscard]] curl_slist* get() const { return list_.get(); }

 private:
  std::unique_ptr<curl_slist, CleanUp> list_;
};

void initialise_once() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

// The path is the name we say in EHLO (RFC 5321 s4.1.1.1).
std::string url(const SmtpSettings& settings) {
  const std::string host = settings.host.find(':') == std::string::npos ? settings.host : "[" + settings.host + "]";
  return (settings.tls == SmtpTls::always ? "smtps://" : "smtp://") + host + ":" + std::to_string(settings.port) + "/" +
         std::string(domain(settings.from.address));
}

void apply_connection(CURL* handle, const SmtpSettings& settings) {
  curl_easy_setopt(handle, CURLOPT_URL, url(settings).c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(settings.timeout.count()));
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.timeout.count() / 4));
  const bool secure = settings.tls != SmtpTls::none;
  curl_easy_setopt(handle, CURLOPT_USE_SSL, secure ? static_cast<long>(CURLUSESSL_ALL) : 0L);
  if (!settings.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, settings.ca_file.c_str());
  if (settings.user.empty()) return;
  curl_easy_setopt(handle, CURLOPT_USERNAME, settings.user.c_str());
  curl_easy_setopt(handle, CURLOPT_PASSWORD, std::string(settings.password.reveal()).c_str());
}

int stop_when_cancelled(void* flag, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(flag)->load() ? 1 : 0;
}

// libcurl asks about once a second while it waits.
void apply_cancellation(CURL* handle, const std::atomic<bool>& cancelled) {
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &stop_when_cancelled);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &cancelled);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
}

void set_content(curl_mimepart* part, const std::string& content, const std::string& type, const char* encoder) {
  curl_mime_data(part, content.data(), content.size());
  curl_mime_type(part, type.c_str());
  curl_mime_encoder(part, encoder);
}

// A line ends with CR LF (RFC 5321 s2.3.8); a line feed alone would be encoded as part of its line.
std::string with_network_lines(const std::string& text) {
  std::string lines;
  for (const char c : text) {
    if (c == '\n' && !lines.ends_with('\r')) lines += '\r';
    lines += c;
  }
  return lines;
}

Mime body(CURL* handle, const Message& message) {
  Mime mime(curl_mime_init(handle));
  set_content(curl_mime_addpart(mime.get()), with_network_lines(message.text), "text/plain; charset=utf-8",
              "quoted-printable");
  if (message.calendar) {
    curl_mimepart* part = curl_mime_addpart(mime.get());
    set_content(part, message.calendar->content, "text/calendar; charset=utf-8; method=" + message.calendar->method,
                "base64");
    curl_mime_filename(part, message.calendar->file_name.c_str());
  }
  return mime;
}

}  // namespace

SmtpClient::SmtpClient(SmtpSettings settings) : settings_(std::move(settings)) { initialise_once(); }

turnd::base::Result<Delivered, SmtpError> SmtpClient::send(const Message& message, const Origin& origin) const {
  if (!is_address(message.to.address)) return SmtpError{"the recipient is no e-mail address"};
  const Handle handle(curl_easy_init());
  if (!handle) return SmtpError{"libcurl has no handle"};
  apply_connection(handle.get(), settings_);
  apply_cancellation(handle.get(), cancelled_);

  List recipients;
  recipients.add("<" + message.to.address + ">");
  List headers;
  for (const std::string& line : header_lines(message, origin)) headers.add(line);
  const Mime mime = body(handle.get(), message);
  const std::string sender = "<" + settings_.from.address + ">";
  curl_easy_setopt(handle.get(), CURLOPT_MAIL_FROM, sender.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle.get(), CURLOPT_MIMEPOST, mime.get());

  const CURLcode code = curl_easy_perform(handle.get());
  if (code == CURLE_OK) return Delivered{};
  long answer = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &answer);
  return SmtpError{std::string(curl_easy_strerror(code)) + (answer > 0 ? " (" + std::to_string(answer) + ")" : "")};
}

}  // namespace signaling::mail
