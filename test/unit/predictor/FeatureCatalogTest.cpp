//===- FeatureCatalogTest.cpp - docs/features.md is the catalog -----------===//
//
// ASSAY_WRITE_DOCS=1 in the environment writes the page instead.
//
//===----------------------------------------------------------------------===//

#include "predictor/features/Features.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>
#include <gtest/gtest.h>

using namespace assay::predictor;

static constexpr const char *kPage = ASSAY_SOURCE_DIR "/docs/features.md";

/// The text with what Markdown takes for the end of a cell escaped.
static std::string cell(llvm::StringRef text) {
  std::string escaped;
  for (char c : text)
    escaped += c == '|' ? "\\|" : std::string(1, c);
  return escaped;
}

static std::string printPage() {
  std::string page;
  llvm::raw_string_ostream os(page);
  os << "# Features\n\n"
        "The numbers that the surrogate sees of a network, in the order of the "
        "vector. Written from the program's own\ncatalog by "
        "`ASSAY_WRITE_DOCS=1 build/release/test/unit/PredictorTests "
        "--gtest_filter='FeatureCatalog.*'`.\n\n"
        "| # | name | formula | source |\n|---|---|---|---|\n";
  for (auto [index, info] : llvm::enumerate(featureCatalog()))
    os << "| " << index << " | `" << info.name << "` | " << cell(info.formula)
       << " | " << cell(info.source) << " |\n";
  return page;
}

TEST(FeatureCatalog, IsThePageOfTheDocumentation) {
  ASSERT_EQ(featureCatalog().size(), kNumFeatures);
  std::string page = printPage();
  if (std::getenv("ASSAY_WRITE_DOCS")) {
    std::error_code error;
    llvm::raw_fd_ostream(kPage, error) << page;
    ASSERT_FALSE(error) << error.message();
    GTEST_SKIP() << "wrote " << kPage;
  }
  auto written = llvm::MemoryBuffer::getFile(kPage);
  ASSERT_TRUE(static_cast<bool>(written)) << kPage;
  EXPECT_EQ((*written)->getBuffer().str(), page)
      << "write it again with ASSAY_WRITE_DOCS=1";
}
