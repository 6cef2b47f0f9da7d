package dev.sluice.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.hub.control.HubInfo;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckFormatTest {

    private static final String HUB = "tcp://127.0.0.1:7878";

    private static final HubInfo INFO =
            new HubInfo("1", "running", 61_000, "memory:", 2, 0, 0, 1, 0, 50 << 20, 200 << 20);

    private static final List<CheckResult> GOOD = List.of(
            CheckResult.running(INFO, HUB),
            CheckResult.latency(Duration.ofMillis(2), Duration.ofMillis(50)),
            CheckResult.counted("receivers", "a|b='c'", null, 2, 1, true));

    private static final List<CheckResult> BAD = List.of(
            CheckResult.running(INFO, HUB),
            CheckResult.heap(INFO, 20),
            CheckResult.counted("buffered", "say \"hi\"\\", null, 120, 100, false),
            CheckResult.counted("backlog", "orders", "billing", 3, 3, false),
            CheckResult.counted("receivers", "orders", null, 0, 1, true),
            CheckResult.exists("nope", false, "does not exist"));

    @Test
    void text_isALinePerCheck() {
        assertThat(CheckFormat.TEXT.lines(HUB, BAD))
                .containsExactly(
                        "OK hub: running at tcp://127.0.0.1:7878, up 1 min 1 s",
                        "CRITICAL hub: heap 25.0% > 20%",
                        "CRITICAL channel say \"hi\"\\: buffered 120 > 100",
                        "OK channel orders, group billing: backlog 3, at most 3",
                        "CRITICAL channel orders: receivers 0 < 1",
                        "CRITICAL channel nope: does not exist");
    }

    @Test
    void json_isOneObject() throws Exception {
        var good = Json.MAPPER.readTree(CheckFormat.JSON.lines(HUB, GOOD).get(0));
        var bad = Json.MAPPER.readTree(CheckFormat.JSON.lines(HUB, BAD).get(0));

        assertThat(good.get("status").textValue()).isEqualTo("ok");
        assertThat(good.get("hub").textValue()).isEqualTo(HUB);
        assertThat(bad.get("status").textValue()).isEqualTo("critical");
        var backlog = bad.get("checks").get(3);
        assertThat(backlog.get("check").textValue()).isEqualTo("backlog");
        assertThat(backlog.get("channel").textValue()).isEqualTo("orders");
        assertThat(backlog.get("group").textValue()).isEqualTo("billing");
        assertThat(backlog.get("ok").booleanValue()).isTrue();
        assertThat(backlog.get("value").doubleValue()).isEqualTo(3);
        assertThat(backlog.get("limit").doubleValue()).isEqualTo(3);
        assertThat(bad.get("checks").get(5).has("value")).isFalse();
    }

    @Test
    void prometheus_hasTheStatusOfEachCheck_andEscapesNames() {
        assertThat(CheckFormat.PROMETHEUS.lines(HUB, BAD))
                .containsExactly(
                        "# HELP sluice_check_status Whether a check passes: 0 when it does, 1 when not",
                        "# TYPE sluice_check_status gauge",
                        "sluice_check_status{check=\"hub\"} 0",
                        "sluice_check_status{check=\"heap\"} 1",
                        "sluice_check_status{check=\"buffered\",channel=\"say \\\"hi\\\"\\\\\"} 1",
                        "sluice_check_status{check=\"backlog\",channel=\"orders\",group=\"billing\"} 0",
                        "sluice_check_status{check=\"receivers\",channel=\"orders\"} 1",
                        "sluice_check_status{check=\"exists\",channel=\"nope\"} 1",
                        "# HELP sluice_check_value What a check measured: elements, seconds or percent",
                        "# TYPE sluice_check_value gauge",
                        "sluice_check_value{check=\"heap\"} 25",
                        "sluice_check_value{check=\"buffered\",channel=\"say \\\"hi\\\"\\\\\"} 120",
                        "sluice_check_value{check=\"backlog\",channel=\"orders\",group=\"billing\"} 3",
                        "sluice_check_value{check=\"receivers\",channel=\"orders\"} 0",
                        "# HELP sluice_check_limit What a check allows or requires",
                        "# TYPE sluice_check_limit gauge",
                        "sluice_check_limit{check=\"heap\"} 20",
                        "sluice_check_limit{check=\"buffered\",channel=\"say \\\"hi\\\"\\\\\"} 100",
                        "sluice_check_limit{check=\"backlog\",channel=\"orders\",group=\"billing\"} 3",
                        "sluice_check_limit{check=\"receivers\",channel=\"orders\"} 1");
    }

    @Test
    void nagios_whenAllIsWell_saysHowMuchWasChecked_andTheFigures() {
        assertThat(CheckFormat.NAGIOS.lines(HUB, GOOD))
                .containsExactly("SLUICE OK - hub: running at tcp://127.0.0.1:7878, up 1 min 1 s, 3 checks |"
                        + " 'latency'=0.002s;;0.05 'a/b_''c'' receivers'=2;;1:");
    }

    @Test
    void nagios_whenSomethingFailed_saysWhat() {
        assertThat(CheckFormat.NAGIOS.lines(HUB, BAD))
                .containsExactly("SLUICE CRITICAL - hub: heap 25.0% > 20%; channel say \"hi\"\\: buffered 120 > 100;"
                        + " channel orders: receivers 0 < 1; channel nope: does not exist |"
                        + " 'heap'=25%;;20 'say \"hi\"\\ buffered'=120;;100 'orders billing backlog'=3;;3"
                        + " 'orders receivers'=0;;1:");
    }

    @Test
    void nagios_endsWithItsOwnCode() {
        assertThat(CheckFormat.NAGIOS.exit(5)).isEqualTo(2);
        assertThat(CheckFormat.PROMETHEUS.exit(5)).isEqualTo(5);
    }

    @Test
    void aHubThatIsBeingStopped_isNotAsItShouldBe() {
        HubInfo draining = new HubInfo("1", "draining", 1_000, "memory:", 0, 0, 0, 0, 0, 1, 2);

        assertThat(CheckFormat.TEXT.lines(HUB, List.of(CheckResult.running(draining, HUB))))
                .containsExactly("CRITICAL hub: draining at tcp://127.0.0.1:7878, up 1 s");
    }
}
