// CleanHtml: what is left of a stranger's HTML is safe as innerHTML (signaling.md 2.11 P2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace signaling::service {

// What a post may hold, so that cleaning it takes less than a second: the parser looks at every pair of attributes of a
// tag, and stops at 256 open elements.
struct HtmlLimits {
  std::size_t tags = 10'000;             // '<'
  std::size_t references = 50'000;       // '&'
  std::uint64_t tag_work = 200'000'000;  // sum of the squares of what each tag has outside of quoted values
  std::size_t depth = 64;                // deeper elements lose their tags, not their text
};

// HTML that is safe as innerHTML: nothing in it but p br h1-h6 b i strong em u s code pre blockquote ul ol li a[href]
// img[src alt] and text; URLs are absolute, with http, https or mailto (of links). Everything else loses its tags;
// script, style and their like lose their content too.
class CleanHtml {
 public:
  // nullopt: beyond the limits, or no UTF-8. Up to half a second: not for a thread that others wait for.
  [[nodiscard]] static std::optional<CleanHtml> clean(std::string_view html, const HtmlLimits& limits = {});
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  explicit CleanHtml(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace signaling::service
