//===- StoreKernels.cpp - Object code and how long it takes ---------------===//

#include "bench_db/StoreImpl.h"

using namespace assay::bench_db;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

/// Objects are frames without a dictionary: what helps texts does not help
/// code.
static constexpr int64_t kNoDictionary = 0;

Error Store::addKernel(const Kernel &kernel) {
  return guarded<Error>(impl->path, [&]() -> Error {
    std::string object =
        impl->compressor(kNoDictionary).compress(kernel.object);
    PreparedStatement insert =
        impl->statement("INSERT INTO kernels (hash, target, object, median_ns) "
                        "VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                        "object = excluded.object, "
                        "median_ns = coalesce(excluded.median_ns, median_ns)");
    insert->bind(1, kernel.hash);
    insert->bind(2, kernel.target);
    insert->bind(3, object.data(), object.size());
    if (kernel.medianNs)
      insert->bind(4, *kernel.medianNs);
    insert->exec();
    return Error::success();
  });
}

Expected<std::optional<Kernel>> Store::findKernel(StringRef hash,
                                                  StringRef target) {
  using Result = Expected<std::optional<Kernel>>;
  return guarded<Result>(impl->path, [&]() -> Result {
    PreparedStatement select = impl->statement(
        "SELECT object, median_ns FROM kernels WHERE hash = ? AND target = ?");
    select->bind(1, hash.str());
    select->bind(2, target.str());
    if (!select->executeStep())
      return std::nullopt;
    Expected<std::string> object =
        impl->decompress(kNoDictionary, select->getColumn(0),
                         "kernel " + hash + " of " + target);
    if (!object)
      return object.takeError();
    Kernel kernel{hash.str(), target.str(), std::move(*object), std::nullopt};
    if (!select->getColumn(1).isNull())
      kernel.medianNs = select->getColumn(1).getInt64();
    return kernel;
  });
}

int64_t Store::Impl::checkKernels(llvm::function_ref<void(StringRef)> report) {
  int64_t problems = 0;
  SQLite::Statement kernels(db, "SELECT hash, target, object FROM kernels");
  while (kernels.executeStep()) {
    Expected<std::string> object =
        compressor(kNoDictionary).decompress(blob(kernels.getColumn(2)));
    if (object)
      continue;
    report("kernel " + kernels.getColumn(0).getString() + " of " +
           kernels.getColumn(1).getString() + ": " +
           llvm::toString(object.takeError()));
    ++problems;
  }
  return problems;
}
