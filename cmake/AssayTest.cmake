include(ProcessorCount)
ProcessorCount(ASSAY_PROCESSORS)
set(ASSAY_LIT ${LLVM_TOOLS_BINARY_DIR}/lit)

# One GoogleTest program, and one ctest entry, a room; WITHOUT_MLIR as the
# room's library is.
#
#   assay_unit_test(NAME [WITHOUT_MLIR] source... LINKS library...)
function(assay_unit_test name)
  cmake_parse_arguments(ARG "WITHOUT_MLIR" "" "LINKS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS} GTest::gtest_main)
  if(NOT ARG_WITHOUT_MLIR)
    assay_use_precompiled_header(${name})
  endif()
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test/unit)
  add_test(NAME unit.${name} COMMAND ${name})
  set_tests_properties(unit.${name} PROPERTIES LABELS unit)
endfunction()

# One ctest entry for each folder of lit tests under the current directory.
function(assay_lit_suites)
  file(GLOB_RECURSE tests CONFIGURE_DEPENDS
    RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *.mlir *.test)
  list(TRANSFORM tests REPLACE "/.*" "")
  list(REMOVE_DUPLICATES tests)
  foreach(folder ${tests})
    add_test(NAME lit.${folder}
      COMMAND ${ASSAY_LIT} -sv --show-unsupported --show-xfail
              -j ${ASSAY_PROCESSORS} ${CMAKE_CURRENT_BINARY_DIR}/${folder})
    set_tests_properties(lit.${folder} PROPERTIES
      LABELS lit PROCESSORS ${ASSAY_PROCESSORS})
  endforeach()
endfunction()
