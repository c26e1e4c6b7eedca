// A list that is sorted by name, one part of it at a time (operations.md D8).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>

#include "turnd/admin/route.h"
#include "turnd/control/requests.h"
#include "turnd/control/responses.h"

namespace turnd::admin {

// `list` names the list for its cursors.
template <class Item>
[[nodiscard]] control::Parsed<Response> list_by_name(const Call& call, std::string_view list,
                                                     const std::map<std::string, Item>& all) {
  const auto page = control::parse_page(call.query);
  if (!page) return page.error();
  auto item = all.begin();
  if (page->cursor) {
    const auto position = call.context.cursors.open(list, *page->cursor);
    if (!position) return control::bad_request("This list has not given out that \"cursor\"");
    item = all.upper_bound(*position);
  }
  boost::json::array items;
  std::string last;
  for (; item != all.end() && items.size() < page->limit; ++item) {
    items.push_back(to_json(item->second));
    last = item->first;
  }
  std::optional<std::string> next;
  if (item != all.end()) next = call.context.cursors.seal(list, last);
  return json_response(control::list_json(std::move(items), next));
}

}  // namespace turnd::admin
