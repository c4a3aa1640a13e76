//===- assay.cpp - The driver ---------------------------------------------===//

#include "tools/assay/Command.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"
#include <unistd.h>

using namespace assay::tools;

static constexpr const char *overview =
    "Assay compiles, runs and judges ONNX networks\n";

/// LLVM registers its own options with the top level and with every
/// subcommand; none of them is ours.
static void hideForeignOptions(llvm::ArrayRef<Command> commands) {
  auto hide = [](llvm::cl::SubCommand &subcommand) {
    for (auto &[name, option] : llvm::cl::getRegisteredOptions(subcommand))
      if (option->Subs.contains(&llvm::cl::SubCommand::getAll()) ||
          &subcommand == &llvm::cl::SubCommand::getTopLevel())
        if (name != "help" && name != "version")
          option->setHiddenFlag(llvm::cl::ReallyHidden);
  };
  hide(llvm::cl::SubCommand::getTopLevel());
  for (const Command &command : commands)
    hide(*command.subcommand);
}

static void printVersion(llvm::raw_ostream &os) {
  os << "assay " ASSAY_VERSION ", LLVM " LLVM_VERSION_STRING "\n";
}

void assay::tools::printError(const llvm::Twine &message) {
  llvm::WithColor::error(llvm::errs(), "assay") << message << '\n';
}

int assay::tools::failUsage(llvm::StringRef command,
                            const llvm::Twine &message) {
  printError(command + ": " + message);
  llvm::errs() << "Try 'assay " << command << " --help'.\n";
  return ExitUsage;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  // Runs after the stack trace was printed.
  llvm::sys::AddSignalHandler([](void *) { _exit(ExitBug); }, nullptr);
  llvm::setBugReportMsg("assay: error: this is a bug in Assay; please report "
                        "it with the model and the command line\n");
  const Command commands[] = {
      benchCommand(), compileCommand(), dbCommand(),  describeCommand(),
      evalCommand(),  predictCommand(), runCommand(), spaceCommand(),
      trainCommand(), verifyCommand()};

  llvm::StringRef first = argc > 1 ? argv[1] : "";
  bool known = first.starts_with("-") ||
               llvm::any_of(commands, [&](const Command &command) {
                 return command.subcommand->getName() == first;
               });
  if (!first.empty() && !known) {
    printError("unknown command '" + first + "'");
    llvm::errs() << "Try 'assay --help'.\n";
    return ExitUsage;
  }

  llvm::cl::SetVersionPrinter(printVersion);
  hideForeignOptions(commands);
  if (!llvm::cl::ParseCommandLineOptions(argc, argv, overview, &llvm::errs()))
    return ExitUsage;
  for (const Command &command : commands)
    if (*command.subcommand)
      return command.run();
  llvm::cl::PrintHelpMessage();
  return ExitUsage;
}
