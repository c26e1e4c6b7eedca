// A benchmark that fails: ctest looks for what the library then prints.
#include <benchmark/benchmark.h>

namespace {

void Fails(benchmark::State& state) {
  state.SkipWithError("as it should");
  for (auto _ : state) {
  }
}
BENCHMARK(Fails);

}  // namespace

BENCHMARK_MAIN();
