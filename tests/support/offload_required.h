// Whether a test for which the kernel would have to relay may be left out.
#pragma once

namespace turnd::support {

// REQUIRE_OFFLOAD in the environment: 1: never. auto: only where this process may load no such program. Otherwise it
// may. (The end-to-end tests decide likewise: tests/e2e/support/far_end.py.)
[[nodiscard]] bool is_offload_required();

}  // namespace turnd::support
