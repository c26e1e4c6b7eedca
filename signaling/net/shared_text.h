// SharedText: an immutable text that many queues hold at once without a copy.
#pragma once

#include <memory>
#include <string>
#include <utility>

namespace signaling::net {

using SharedText = std::shared_ptr<const std::string>;

[[nodiscard]] inline SharedText share(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

}  // namespace signaling::net
