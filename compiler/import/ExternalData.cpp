//===- ExternalData.cpp - Weights beside the model ------------------------===//

#include "compiler/import/ExternalData.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace assay;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static bool leavesFolder(StringRef location) {
  return path::is_absolute(location) ||
         llvm::is_contained(
             llvm::make_range(path::begin(location), path::end(location)),
             StringRef(".."));
}

static bool isInside(StringRef file, StringRef folder) {
  return file.consume_front(folder) &&
         (folder.ends_with("/") || file.starts_with("/"));
}

FailureOr<ExternalData::File> ExternalData::open(Location loc,
                                                 StringRef location) {
  if (folder.empty())
    return emitError(loc) << "its data is in the file '" << location
                          << "', but the model was read without a folder";
  if (location.empty())
    return emitError(loc) << "its external data names no file";
  if (leavesFolder(location))
    return emitError(loc) << "its external data '" << location
                          << "' lies outside the folder of the model";
  SmallString<128> file(folder);
  path::append(file, location);
  SmallString<128> realFolder;
  SmallString<128> realFile;
  if (std::error_code error = fs::real_path(folder, realFolder))
    return emitError(loc) << "the folder of the model, " << folder << ": "
                          << error.message();
  llvm::Expected<fs::file_t> handle =
      fs::openNativeFileForRead(file, fs::OF_None, &realFile);
  if (!handle)
    return emitError(loc) << "its external data file '" << file
                          << "' cannot be opened: "
                          << llvm::toString(handle.takeError());
  auto close = llvm::scope_exit([&]() { (void)fs::closeFile(*handle); });
  if (!isInside(realFile, realFolder))
    return emitError(loc) << "its external data '" << location
                          << "' leads outside the folder of the model, to '"
                          << realFile << "'";
  fs::file_status status;
  if (std::error_code error = fs::status(*handle, status))
    return emitError(loc) << "its external data file '" << file
                          << "': " << error.message();
  if (status.type() != fs::file_type::regular_file)
    return emitError(loc) << "its external data '" << file
                          << "' is no regular file";
  if (status.getSize() == 0)
    return File{};
  std::error_code error;
  auto region = std::make_shared<fs::mapped_file_region>(
      *handle, fs::mapped_file_region::readonly, status.getSize(), /*offset=*/0,
      error);
  if (error)
    return emitError(loc) << "its external data file '" << file
                          << "' cannot be mapped: " << error.message();
  return File{{region->const_data(), region->size()}, region};
}

FailureOr<ExternalData::Bytes> ExternalData::map(Location loc,
                                                 StringRef location,
                                                 uint64_t offset,
                                                 uint64_t size) {
  auto known = files.find(location);
  if (known == files.end()) {
    FailureOr<File> file = open(loc, location);
    if (failed(file))
      return failure();
    known = files.try_emplace(location, std::move(*file)).first;
  }
  const File &file = known->second;
  if (offset > file.data.size() || size > file.data.size() - offset)
    return emitError(loc) << "its external data is bytes " << offset << " to "
                          << offset << " + " << size << " of '" << location
                          << "', which has only " << file.data.size();
  return Bytes{file.data.slice(offset, size), file.owner};
}
