# One static library a room. All share libMLIR and libLLVM, but those
# WITHOUT_MLIR.
#
#   assay_library(NAME [WITHOUT_MLIR] source... DEPENDS target... LINKS library...)
function(assay_library name)
  cmake_parse_arguments(ARG "WITHOUT_MLIR" "" "DEPENDS;LINKS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  target_link_libraries(${name} PUBLIC ${ARG_LINKS})
  if(NOT ARG_WITHOUT_MLIR)
    assay_use_precompiled_header(${name})
  endif()
endfunction()

# Runs mlir-tblgen on SOURCE.td in this folder: pairs of OUTPUT and a generator
# option follow. The target that makes the outputs is NAME.
#
#   assay_tablegen(NAME SOURCE.td OUTPUT.h.inc -gen-op-decls ...)
function(assay_tablegen name source)
  set(LLVM_TARGET_DEFINITIONS ${source})
  set(MLIR_TABLEGEN_EXE ${MLIR_TABLEGEN_EXE})
  set(arguments ${ARGN})
  while(arguments)
    list(POP_FRONT arguments output)
    list(POP_FRONT arguments generator)
    mlir_tablegen(${output} ${generator} EXTRA_INCLUDES ${PROJECT_SOURCE_DIR})
  endwhile()
  add_public_tablegen_target(${name})
endfunction()

# Runs mlir-tblgen on this folder's Passes.td: Passes.h.inc, whose registration
# function is register<GROUP>Passes. The target that makes it is NAME.
#
#   assay_pass_tablegen(NAME GROUP)
function(assay_pass_tablegen name group)
  set(LLVM_TARGET_DEFINITIONS Passes.td)
  set(MLIR_TABLEGEN_EXE ${MLIR_TABLEGEN_EXE})
  mlir_tablegen(Passes.h.inc -gen-pass-decls -name=${group}
                EXTRA_INCLUDES ${PROJECT_SOURCE_DIR})
  add_public_tablegen_target(${name})
endfunction()
