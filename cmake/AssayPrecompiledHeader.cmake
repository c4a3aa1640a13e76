# MLIR's headers are two thirds of a unit's compile time: all units that link
# MLIR share them precompiled. They still include what they use;
# -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON shows that.
#
# The main file is a header of MLIR, with the others included before it, rather
# than a generated one as target_precompile_headers has: clang looks for the
# main file when it reads the precompiled header, and ccache may have stored
# that from a build tree since deleted.
set(ASSAY_PRECOMPILED_MAIN_FILE ${MLIR_INCLUDE_DIRS}/mlir/IR/BuiltinOps.h)
set(ASSAY_PRECOMPILED_HEADERS
  llvm/ADT/StringExtras.h
  llvm/ADT/TypeSwitch.h
  llvm/Support/FileSystem.h
  llvm/Support/Format.h
  llvm/Support/JSON.h
  llvm/Support/MemoryBuffer.h
  llvm/Support/Path.h
  mlir/Dialect/Affine/IR/AffineOps.h
  mlir/Dialect/Arith/IR/Arith.h
  mlir/Dialect/Arith/Utils/Utils.h
  mlir/Dialect/Bufferization/IR/Bufferization.h
  mlir/Dialect/ControlFlow/IR/ControlFlowOps.h
  mlir/Dialect/Func/IR/FuncOps.h
  mlir/Dialect/Linalg/IR/Linalg.h
  mlir/Dialect/Math/IR/Math.h
  mlir/Dialect/MemRef/IR/MemRef.h
  mlir/Dialect/SCF/IR/SCF.h
  mlir/Dialect/Tensor/IR/Tensor.h
  mlir/Dialect/Vector/IR/VectorOps.h
  mlir/IR/DialectResourceBlobManager.h
  mlir/IR/TypeUtilities.h
  mlir/IR/Verifier.h
  mlir/Pass/PassManager.h
  mlir/Transforms/DialectConversion.h
  mlir/Transforms/GreedyPatternRewriteDriver.h)

set(ASSAY_PRECOMPILE OFF)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang AND NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
  set(ASSAY_PRECOMPILE ON)
  set_source_files_properties(${ASSAY_PRECOMPILED_MAIN_FILE} PROPERTIES
    LANGUAGE CXX)
endif()

# The target NAME makes the precompiled header, with OPTIONS, as the only
# object of ${NAME}Object.
function(assay_precompiled_header name)
  if(NOT ASSAY_PRECOMPILE)
    add_custom_target(${name})
    return()
  endif()
  set(includes ${ASSAY_PRECOMPILED_HEADERS})
  list(TRANSFORM includes PREPEND "SHELL:-include ")
  add_library(${name}Object OBJECT ${ASSAY_PRECOMPILED_MAIN_FILE})
  # Times would differ from build to build, and so would all keys of ccache.
  target_compile_options(${name}Object PRIVATE ${ARGN}
    "SHELL:-Xclang -fno-pch-timestamp" -fpch-instantiate-templates
    ${includes} "SHELL:-x c++-header")
  add_custom_target(${name} DEPENDS $<TARGET_OBJECTS:${name}Object>)
endfunction()

# clang takes a precompiled header only if the target's CPU is the unit's.
assay_precompiled_header(AssayHeaders)
assay_precompiled_header(AssayNativeHeaders ${ASSAY_NATIVE_OPTIONS})

# Lets TARGET, a library or program, read the precompiled header, or the native
# one where a library it links has the property ASSAY_NATIVE. TARGET must link
# MLIR: the headers' functions marked as used are in every object.
function(assay_use_precompiled_header target)
  if(NOT ASSAY_PRECOMPILE)
    return()
  endif()
  set(native $<BOOL:$<TARGET_PROPERTY:ASSAY_NATIVE>>)
  # Programs would be compiled with -fPIE, which clang tells from -fPIC.
  target_compile_options(${target} PRIVATE -fPIC -include-pch
    $<IF:${native},$<TARGET_OBJECTS:AssayNativeHeadersObject>,$<TARGET_OBJECTS:AssayHeadersObject>>)
  add_dependencies(${target} AssayHeaders)
endfunction()
