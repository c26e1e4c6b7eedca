// RequestReader: takes HTTP/1.1 requests from a stream of bytes, and refuses whatever two readers could read in two
// ways.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "signaling/net/exchange.h"
#include "signaling/net/http.h"

namespace signaling::net {

struct HeadLimits {
  std::size_t bytes = 16 * 1024;
  std::size_t lines = 100;
};

// One request's. Bytes that were not used are given again, with more behind them.
class RequestReader {
 public:
  enum class State : std::uint8_t {
    head,      // incomplete
    planning,  // the head is complete: accept_body() comes next
    body,      // incomplete
    complete,  // take() it
    refused,   // see refusal(); what follows cannot be read
  };

  explicit RequestReader(HeadLimits limits);
  ~RequestReader();

  // How many bytes were used.
  [[nodiscard]] std::size_t feed(std::span<const char> bytes);
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const Refusal& refusal() const { return refusal_; }

  [[nodiscard]] Request& request() { return request_; }
  [[nodiscard]] bool keeps_alive() const;
  [[nodiscard]] bool expects_continue() const;
  void accept_body(const BodyPlan& plan);
  [[nodiscard]] Request take() { return std::move(request_); }

 private:
  class Parser;
  // Where the head ends, or npos; scans each byte once.
  [[nodiscard]] std::size_t find_end(std::string_view bytes);
  [[nodiscard]] std::size_t read_head(std::string_view bytes);
  [[nodiscard]] std::size_t read_body(std::string_view bytes);
  void check_head();
  void refuse(unsigned status, std::string_view why);
  [[nodiscard]] bool append(std::string_view bytes);

  HeadLimits limits_;
  State state_ = State::head;
  Refusal refusal_;
  std::size_t scanned_ = 0;
  std::size_t lines_ = 0;
  std::unique_ptr<Parser> parser_;
  std::uint64_t max_body_ = 0;
  std::uint64_t body_size_ = 0;
  Request request_;
};

}  // namespace signaling::net
