package io.cloister.appliance.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoldenFileTest {
  private static final String TENSOR = "{'name':'y','datatype':'FP32','shape':[1],'data':[0.5]}";
  private static final String ROW = "{'inputs':[],'outputs':[" + TENSOR + "]}";

  private static GoldenRows parse(String json) throws ModelRefused {
    return GoldenFile.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsLabelsBudgetsAndTheToleranceOfABatchAndLeavesUnknownFieldsAlone() throws Exception {
    GoldenRows golden =
        parse(
            "{'made_by':'us','latency_ms_max':20,'batch_tolerance':0.02,'rows':[%s,"
                    .formatted(ROW.replace("}]}", "}],'label':" + TENSOR + ",'note':1}"))
                + ROW.replace("}]}", "}],'latency_ms_max':7.5,'tolerance':0.01}")
                + "]}");
    assertThat(golden.batchTolerance()).isEqualTo(OptionalDouble.of(0.02));
    GoldenRow first = golden.rows().getFirst();
    assertThat(first.label()).isPresent();
    assertThat(first.labels()).isEqualTo(1);
    assertThat(first.latencyMillisMax()).isEqualTo(OptionalDouble.of(20));
    assertThat(golden.rows().getLast().latencyMillisMax()).isEqualTo(OptionalDouble.of(7.5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'rows':[ROW,{'inputs':7,'outputs':[]}]} | row 2: inputs is not a list: 7",
        "{'rows':[ROW,7]} | row 2: is not an object",
        "{'rows':{}} | rows is not a list: {}",
        "{'rows':[]} | there are no rows",
        "{} | there are no rows",
        "{'rows':[{'inputs':[],'outputs':[]}]} | row 1: a golden row without outputs or label",
        "{'rows':[{'inputs':[],'label':TENSOR}]} | no row has outputs",
        "{'rows':[{'outputs':[TENSOR,TENSOR]}]} | row 1: outputs: a tensor is there twice",
        "{'rows':[{'outputs':[TENSOR],'tolerance':'1'}]} | row 1: tolerance is not a number: \"1\"",
        "{'rows':[{'outputs':[TENSOR],'tolerance':-1}]} | row 1: tolerance is not a distance: -1.0",
        "{'rows':[{'outputs':[TENSOR],'tolerance':1e999}]} | row 1: tolerance is not a distance",
        "{'rows':[{'outputs':[TENSOR],'label':3}]} | row 1: : unknown datatype",
        "{'rows':[{'outputs':[TENSOR],'latency_ms_max':0}]} | row 1: latency_ms_max is not over 0",
        "{'latency_ms_max':'fast','rows':[ROW]} | latency_ms_max is not a number: \"fast\"",
        "{'batch_tolerance':true,'rows':[ROW]} | batch_tolerance is not a number: true",
        "{'rows':[{'outputs':[NAN]}]} | row 1: y: not a number: \"NaN\"",
        "{'rows':[{'outputs':[HUGE]}]} | row 1: y: not a value of FP32: 1.0E300",
      })
  void refusesWhatIsOfAnotherTypeWithTheNumberOfTheRow(String json, String words) {
    String full =
        json.replace("ROW", ROW)
            .replace("TENSOR", TENSOR)
            .replace("NAN", TENSOR.replace("0.5", "'NaN'"))
            .replace("HUGE", TENSOR.replace("0.5", "1e300"));
    ModelRefused refused = catchThrowableOfType(ModelRefused.class, () -> parse(full));
    assertThat(refused.reason()).startsWith("golden.json cannot be used: " + words);
  }
}
