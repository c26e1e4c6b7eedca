// Any HTML becomes HTML in which a reader that knows nothing of our parser finds only what is allowed.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "signaling/service/clean_html.h"

namespace {

using signaling::service::CleanHtml;

bool is_allowed_element(std::string_view name) {
  constexpr std::array<std::string_view, 22> kElements{"a",  "b",   "blockquote", "br", "code", "em",    "h1", "h2",
                                                       "h3", "h4",  "h5",         "h6", "i",    "img",   "li", "ol",
                                                       "p",  "pre", "s",          "u",  "ul",   "strong"};
  for (const std::string_view each : kElements)
    if (each == name) return true;
  return false;
}

// What stands between < and >: an end, or a name with attributes of a fixed form.
void check_tag(std::string_view tag) {
  if (tag.starts_with('/')) {
    if (!is_allowed_element(tag.substr(1))) std::abort();
    return;
  }
  const std::string_view name = tag.substr(0, tag.find(' '));
  if (!is_allowed_element(name)) std::abort();
  const std::string_view rest = tag.substr(name.size());
  if (rest.empty()) return;
  constexpr std::string_view kLink = " href=\"", kImage = " src=\"";
  const bool is_link = name == "a" && rest.starts_with(kLink);
  const bool is_image = name == "img" && rest.starts_with(kImage);
  if (!is_link && !is_image) std::abort();
  std::string url(rest.substr(is_link ? kLink.size() : kImage.size()));
  for (char& each : url) each = each >= 'A' && each <= 'Z' ? static_cast<char>(each + 32) : each;
  if (!url.starts_with("http://") && !url.starts_with("https://") && !(is_link && url.starts_with("mailto:")))
    std::abort();
  // Quotes come in pairs: two for each attribute, and each of ours has two attributes.
  std::size_t quotes = 0;
  for (const char each : rest) quotes += each == '"';
  if (quotes != 4) std::abort();
}

void check(std::string_view html) {
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    if (end == std::string_view::npos || html.find('<', at + 1) < end) std::abort();
    check_tag(html.substr(at + 1, end - at - 1));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto clean = CleanHtml::clean({reinterpret_cast<const char*>(data), size});
  if (!clean) return 0;
  check(clean->text());
  return 0;
}
