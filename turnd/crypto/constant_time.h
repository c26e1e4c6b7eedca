// Comparison of secrets in a time that does not depend on where they differ.
#pragma once

#include "turnd/base/bytes.h"

namespace turnd::crypto {

// Different sizes compare unequal at once: a size is no secret here.
[[nodiscard]] bool constant_time_equal(base::ByteView a, base::ByteView b);

}  // namespace turnd::crypto
