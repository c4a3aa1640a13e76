//===- Linker.cpp - Objects to a library or one object --------------------===//

#include "compiler/codegen/Linker.h"
#include "compiler/codegen/AtomicFile.h"
#include "compiler/codegen/WeightsObject.h"
#include "compiler/runtime/assay_model.h"
#include "lld/Common/Driver.h"
#include "passes/host/Passes.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <mutex>

LLD_HAS_DRIVER(elf)

using namespace llvm;
using namespace assay;

static Error writeFile(StringRef path,
                       function_ref<void(raw_ostream &)> write) {
  std::error_code code;
  raw_fd_ostream os(path, code);
  if (!code) {
    write(os);
    os.flush();
    code = os.error();
    os.clear_error();
  }
  if (code)
    return createFileError(path, code);
  return Error::success();
}

/// The inputs of the linker as files in `folder`.
static Error writeInputs(ArrayRef<MemoryBufferRef> objects,
                         const WeightsBlob &weights, StringRef folder,
                         std::vector<std::string> &files) {
  auto add = [&](const Twine &name, function_ref<void(raw_ostream &)> write) {
    files.push_back((folder + "/" + name).str());
    return writeFile(files.back(), write);
  };
  for (size_t index = 0; index < objects.size(); ++index)
    if (Error error = add("object" + Twine(index) + ".o", [&](raw_ostream &os) {
          os << objects[index].getBuffer();
        }))
      return error;
  if (weights.getBytes() == 0)
    return Error::success();
  return add("weights.o", [&](raw_ostream &os) {
    writeWeightsObject(weights, host::weightsName, os);
  });
}

/// Only the descriptor is seen from outside.
static Error writeVersionScript(StringRef path) {
  return writeFile(path, [](raw_ostream &os) {
    os << "{ global: " ASSAY_MODEL_SYMBOL "; local: *; };\n";
  });
}

static Error runLinker(ArrayRef<std::string> arguments) {
  SmallVector<const char *> pointers = {"ld.lld"};
  for (const std::string &argument : arguments)
    pointers.push_back(argument.c_str());
  std::string messages;
  raw_string_ostream os(messages);
  // lld keeps its state in globals.
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  lld::Result result =
      lld::lldMain(pointers, os, os, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode != 0)
    return createStringError("linking failed: " + StringRef(messages).rtrim());
  return Error::success();
}

/// The linker maps its output, and a full disk would end the process.
static Error checkSpace(ArrayRef<MemoryBufferRef> objects,
                        const WeightsBlob &weights, StringRef path) {
  uint64_t needed = weights.getBytes();
  for (MemoryBufferRef object : objects)
    needed += object.getBufferSize();
  StringRef folder = sys::path::parent_path(path);
  auto space = sys::fs::disk_space(folder.empty() ? "." : folder);
  if (space && space->available < needed)
    return createStringError(path + ": needs about " + Twine(needed) +
                             " bytes, the disk has " + Twine(space->available));
  return Error::success();
}

static void addLibraries(std::vector<std::string> &arguments) {
  arguments.push_back("--as-needed");
  for (const char *library : {"libm.so.6", "libc.so.6"})
    for (const char *folder :
         {"/lib/x86_64-linux-gnu/", "/lib64/", "/usr/lib64/", "/usr/lib/"}) {
      std::string path = std::string(folder) + library;
      if (!sys::fs::exists(path))
        continue;
      arguments.push_back(std::move(path));
      break;
    }
}

Error assay::linkModel(ArrayRef<MemoryBufferRef> objects,
                       const WeightsBlob &weights, LinkOutput output,
                       StringRef givenPath) {
  // lld resets all options of the command line, which the path may be one of.
  std::string path = givenPath.str();
  if (Error error = checkReplaceable(path))
    return error;
  if (Error error = checkSpace(objects, weights, path))
    return error;
  SmallString<128> folder;
  if (std::error_code code =
          sys::fs::createUniqueDirectory("assay-link", folder))
    return createStringError(code, "no temporary folder: " + code.message());
  llvm::scope_exit cleanup([&] { (void)sys::fs::remove_directories(folder); });
  // Beside the result, so that renaming it is atomic.
  SmallString<128> temporary;
  if (std::error_code code =
          sys::fs::createUniqueFile(path + ".tmp-%%%%%%", temporary))
    return createFileError(path, code);
  llvm::scope_exit discard([&] { (void)sys::fs::remove(temporary); });

  std::vector<std::string> arguments = {"--threads=1", "-o",
                                        temporary.str().str()};
  if (output == LinkOutput::Object) {
    arguments.push_back("-r");
  } else {
    std::string script = (folder + "/exports").str();
    if (Error error = writeVersionScript(script))
      return error;
    arguments.insert(arguments.end(),
                     {"-shared", "--gc-sections", "-z", "now", "-z", "relro",
                      "--version-script=" + script});
  }
  if (Error error = writeInputs(objects, weights, folder, arguments))
    return error;
  if (output == LinkOutput::SharedLibrary)
    addLibraries(arguments);
  if (Error error = runLinker(arguments))
    return error;
  if (std::error_code code = sys::fs::rename(temporary, path))
    return createFileError(path, code);
  return Error::success();
}
