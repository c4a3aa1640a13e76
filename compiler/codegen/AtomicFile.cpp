//===- AtomicFile.cpp - Files that appear when complete -------------------===//

#include "compiler/codegen/AtomicFile.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;

static Error describe(StringRef path, Error error) {
  return createStringError(path + ": " + toString(std::move(error)));
}

Error assay::checkReplaceable(StringRef path) {
  if (sys::fs::exists(path) && !sys::fs::is_regular_file(path))
    return createStringError("%s: is no regular file", path.str().c_str());
  return Error::success();
}

Error assay::writeAtomically(StringRef path,
                             function_ref<Error(raw_ostream &)> write) {
  if (path == "-")
    return write(outs());
  if (Error error = checkReplaceable(path))
    return error;
  auto mode = sys::fs::all_read | sys::fs::owner_write;
  auto file = sys::fs::TempFile::create(path + ".tmp-%%%%%%", mode);
  if (!file)
    return describe(path, file.takeError());
  raw_fd_ostream os(file->FD, /*shouldClose=*/false);
  Error failure = write(os);
  os.flush();
  if (!failure && os.has_error())
    failure = errorCodeToError(os.error());
  os.clear_error();
  if (failure) {
    consumeError(file->discard());
    return describe(path, std::move(failure));
  }
  if (Error error = file->keep(path))
    return describe(path, std::move(error));
  return Error::success();
}
