// JsonScanner: walks over JSON text and checks its grammar (RFC 8259), depth and members, without building anything.
#pragma once

#include <cstddef>
#include <string_view>

#include "signaling/protocol/json_text.h"

namespace signaling::protocol {

class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  void skip_space();
  [[nodiscard]] bool at_end() const { return at_ == end_; }
  [[nodiscard]] char peek() const { return at_ == end_ ? '\0' : *at_; }
  bool take(char wanted);
  // A string at the opening quote: what stands between the quotes, escapes as written.
  bool string(std::string_view& inside);
  // Any value, of at most `depth` levels of arrays and objects.
  bool value(std::size_t depth);

  [[nodiscard]] const char* position() const { return at_; }
  [[nodiscard]] JsonError error() const { return error_; }
  // Whether a number came by that may be too large for a double: one with an exponent, or with very many digits.
  [[nodiscard]] bool saw_wide_number() const { return saw_wide_number_; }

 private:
  bool fail(JsonError why) {
    error_ = why;
    return false;
  }
  bool escape();
  bool unicode(unsigned& unit);
  bool number();
  bool digits();
  bool word(std::string_view expected);
  bool container(char close, std::size_t depth);

  const char* at_;
  const char* end_;
  JsonError error_ = JsonError::malformed;
  bool saw_wide_number_ = false;
};

}  // namespace signaling::protocol
