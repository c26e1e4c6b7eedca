// Reply: what the server answered, ready to be asked about.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>

#include "turnd/auth/long_term_key.h"
#include "turnd/stun/integrity.h"
#include "turnd/stun/message_view.h"
#include "turnd/stun/turn_attributes.h"

namespace turnd::support {

class Reply {
 public:
  // Throws when it is not well-formed: no server of ours may send that.
  explicit Reply(base::Bytes bytes)
      : bytes_(std::make_shared<const base::Bytes>(std::move(bytes))), view_(parse(*bytes_)) {}

  [[nodiscard]] const stun::MessageView& view() const { return view_; }
  [[nodiscard]] const base::Bytes& bytes() const { return *bytes_; }
  [[nodiscard]] bool succeeded() const { return view_.is(stun::MessageClass::success); }
  // 0 for a success.
  [[nodiscard]] int code() const {
    const auto error = view_.get<stun::ErrorCode>();
    return error.value ? error.value->code : 0;
  }
  template <class T>
  [[nodiscard]] std::optional<T> get() const {
    return view_.get<T>().value;
  }
  [[nodiscard]] bool has(stun::AttributeType type) const { return view_.has(type); }
  [[nodiscard]] std::chrono::seconds lifetime() const { return get<stun::Lifetime>().value().value; }
  [[nodiscard]] base::Endpoint relayed() const { return get<stun::XorRelayedAddress>().value().endpoint; }
  [[nodiscard]] bool is_signed_with(const auth::LongTermKeys& keys) const {
    return stun::verify_integrity(view_, {stun::IntegrityAlgorithm::sha1, keys.md5});
  }

 private:
  static stun::MessageView parse(const base::Bytes& bytes) {
    const auto view = stun::MessageView::parse(bytes);
    if (!view) throw std::runtime_error("the server sent a malformed message");
    return *view;
  }
  std::shared_ptr<const base::Bytes> bytes_;
  stun::MessageView view_;
};

}  // namespace turnd::support
