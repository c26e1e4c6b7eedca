// SmtpSink: a mail server on loopback that keeps what it is given, and refuses what it is told to refuse.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace signaling::mail {

struct ReceivedMail {
  std::string sender;  // MAIL FROM:
  std::string recipient;
  std::string data;  // as sent, without the final dot
};

class SmtpSink {
 public:
  // The first `refuse_first` recipients get 451.
  explicit SmtpSink(int refuse_first = 0) : refuse_(refuse_first) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 8);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~SmtpSink() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  SmtpSink(const SmtpSink&) = delete;
  SmtpSink& operator=(const SmtpSink&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::vector<ReceivedMail> mails() {
    std::lock_guard lock(mutex_);
    return mails_;
  }
  [[nodiscard]] std::string commands() {
    std::lock_guard lock(mutex_);
    return commands_;
  }

 private:
  void serve() {
    for (;;) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) return;
      const timeval limit{5, 0};
      ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
      talk(client);
      ::close(client);
    }
  }

  void talk(int client) {
    input_.clear();
    say(client, "220 sink ready");
    ReceivedMail mail;
    for (std::string line; read_line(client, line);) {
      {
        std::lock_guard lock(mutex_);
        commands_ += line + "\n";
      }
      if (!answer(client, line, mail)) return;
    }
  }

  bool answer(int client, const std::string& line, ReceivedMail& mail) {
    if (line.starts_with("EHLO")) return say(client, "250-sink\r\n250-AUTH PLAIN\r\n250 8BITMIME");
    if (line.starts_with("AUTH")) {
      std::string password;
      return say(client, "334 ") && read_line(client, password) && say(client, "235 welcome");
    }
    if (line.starts_with("MAIL FROM:")) return mail.sender = line.substr(10), say(client, "250 ok");
    if (line.starts_with("RCPT TO:")) {
      if (refuse_ > 0) return --refuse_, say(client, "451 later");
      return mail.recipient = line.substr(8), say(client, "250 ok");
    }
    if (line == "DATA") return take_data(client, mail);
    if (line == "QUIT") return say(client, "221 bye"), false;
    return say(client, "250 ok");
  }

  bool take_data(int client, ReceivedMail& mail) {
    say(client, "354 go on");
    for (std::string line; read_line(client, line) && line != ".";) mail.data += line + "\r\n";
    {
      std::lock_guard lock(mutex_);
      mails_.push_back(mail);
    }
    mail = {};
    return say(client, "250 taken");
  }

  bool say(int client, const std::string& text) {
    const std::string line = text + "\r\n";
    return ::send(client, line.data(), line.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(line.size());
  }

  bool read_line(int client, std::string& line) {
    for (;;) {
      const auto end = input_.find("\r\n");
      if (end != std::string::npos) {
        line = input_.substr(0, end);
        input_.erase(0, end + 2);
        return true;
      }
      char buffer[4096];
      const ssize_t got = ::recv(client, buffer, sizeof buffer, 0);
      if (got <= 0) return false;
      input_.append(buffer, static_cast<std::size_t>(got));
    }
  }

  int listener_ = -1;
  std::uint16_t port_ = 0;
  int refuse_;
  std::string input_;
  std::mutex mutex_;
  std::vector<ReceivedMail> mails_;
  std::string commands_;
  std::thread thread_;
};

}  // namespace signaling::mail
