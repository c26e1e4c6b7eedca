// One HTTP request of the load's preparations.
#pragma once

#include <string>
#include <string_view>

#include "tests/bench/signald_load/options.h"

namespace signaling::load {

// The body of the answer. `token` empty: nobody asks. Blocks; throws std::runtime_error unless the answer is 2xx.
[[nodiscard]] std::string http_post(const Options& options, const std::string& path, const std::string& body,
                                    const std::string& token);
// Of a whole answer with Content-Length, its size; 0: more has to come.
[[nodiscard]] std::size_t http_answer_size(std::string_view bytes);

}  // namespace signaling::load
