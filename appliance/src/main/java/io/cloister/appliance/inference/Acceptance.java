package io.cloister.appliance.inference;

import io.cloister.appliance.model.GoldenRow;
import io.cloister.appliance.model.ModelPackage;
import io.cloister.appliance.model.ModelRefused;
import io.cloister.appliance.tensor.Tensor;
import io.cloister.appliance.worker.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Proves on this machine that a loaded model answers its golden rows as the vendor's did. */
final class Acceptance {
  private Acceptance() {}

  static void check(WorkerProcess worker, ModelPackage model)
      throws ModelRefused, InterruptedException {
    List<GoldenRow> rows = model.goldenRows();
    for (int i = 0; i < rows.size(); i++) {
      String title = "golden row " + (i + 1) + " of " + rows.size();
      List<Tensor> answer = run(worker, rows.get(i), model.config().limits().runTime(), title);
      Optional<String> mismatch = rows.get(i).findMismatch(answer);
      if (mismatch.isPresent()) {
        throw new ModelRefused(title + ": " + mismatch.get());
      }
    }
  }

  private static List<Tensor> run(WorkerProcess worker, GoldenRow row, Duration limit, String title)
      throws ModelRefused, InterruptedException {
    try {
      InputCheck.check(worker.signature(), row.inputs(), List.of());
      return worker.run(row.inputs(), List.of()).get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InferenceException e) {
      throw new ModelRefused(title + " does not fit the signature: " + e.refusal(), e);
    } catch (TimeoutException e) {
      throw new ModelRefused(title + " took longer than " + limit.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      String reason = e.getCause() == null ? e.toString() : e.getCause().getMessage();
      throw new ModelRefused(title + " gave no answer: " + reason, e);
    }
  }
}
