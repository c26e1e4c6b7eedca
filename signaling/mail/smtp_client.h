// SmtpClient: hands mails to the operator's mail server (libcurl).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "signaling/mail/message.h"
#include "turnd/base/result.h"
#include "turnd/base/secret.h"

namespace signaling::mail {

enum class SmtpTls : std::uint8_t {
  none,
  starttls,  // refused by the server: not sent
  always,    // TLS from the first byte
};

struct SmtpSettings {
  std::string host;
  std::uint16_t port = 25;
  std::string user;  // empty: no log-in
  turnd::base::Secret password;
  Mailbox from;
  SmtpTls tls = SmtpTls::starttls;
  std::string ca_file;  // empty: the system's
  std::chrono::milliseconds timeout{std::chrono::seconds(60)};
};

struct SmtpError {
  std::string why;  // for the log: no address, no text, no password in it
};

struct Delivered {};

// Blocks, at most `timeout`. One at a time on each object; any thread.
class SmtpClient {
 public:
  explicit SmtpClient(SmtpSettings settings);

  [[nodiscard]] turnd::base::Result<Delivered, SmtpError> send(const Message& message, const Origin& origin) const;
  [[nodiscard]] const SmtpSettings& settings() const { return settings_; }
  // From another thread: what is being sent fails within a second, and so does what comes after it.
  void cancel() { cancelled_ = true; }

 private:
  SmtpSettings settings_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace signaling::mail
