// Secret: bytes that must not be copied about, printed or left in freed memory.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace turnd::base {

// Wiped on destruction. It has no operator<<, so a log line or a test failure cannot show it.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      wipe();
      value_ = other.value_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe();
      value_ = std::move(other.value_);
      other.wipe();
    }
    return *this;
  }
  ~Secret() { wipe(); }

  // For keying a hash or writing the file it belongs in; never for output.
  [[nodiscard]] std::string_view reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }
  [[nodiscard]] std::size_t size() const { return value_.size(); }

 private:
  void wipe() {
    value_.resize(value_.capacity());  // also what lies behind the end: a short string that was moved leaves its bytes
    volatile char* at = value_.data();
    for (std::size_t i = 0; i < value_.size(); ++i) at[i] = 0;
    value_.clear();
  }

  std::string value_;
};

}  // namespace turnd::base
