//===- FewShot.h - A surrogate corrected by a few labels --------*- C++ -*-===//

#ifndef ASSAY_PREDICTOR_SURROGATE_FEWSHOT_H
#define ASSAY_PREDICTOR_SURROGATE_FEWSHOT_H

#include "predictor/surrogate/KernelRidge.h"
#include "predictor/surrogate/Surrogate.h"

namespace assay::predictor {

/// Kernel ridge on the labels of one space, with the scores of a surrogate of
/// other spaces as its prior.
struct FewShot {
  std::string version;
  KernelRidge ridge;
  Familiarity familiarity; ///< With the labelled networks.
  Calibration calibration;
};

/// The few-shot surrogate as a network of the same form as that of a Surrogate:
/// its two members lie a posterior deviation below and above the score, so that
/// their mean is the score and their spread the deviation. `prior` is the
/// module of the surrogate whose scores it was fit on, and belongs to the same
/// context.
mlir::OwningOpRef<mlir::ModuleOp> buildFewShotModule(const FewShot &fewShot,
                                                     mlir::ModuleOp prior);

} // namespace assay::predictor

#endif // ASSAY_PREDICTOR_SURROGATE_FEWSHOT_H
