package dev.sluice.perf.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class ReportsTest {

    private static final List<Row> ROWS = List.of(
            Row.smallerIsBetter("buffered-1x1", "go", 25.25, 50.5, "ns/message", 1.0),
            Row.smallerIsBetter("buffered-1x1", "a \"peer\" <&> \\ more", 25.25, 5.0, "ns/message", null),
            Row.smallerIsBetter("rendezvous-1x1", "go", 100.0, null, "ns/message", 1.0),
            Row.over("switchable", "bare channel", 30, 31.5, "ns", 10));

    @Test
    void json_isAListOfRowsInTheirForm() throws Exception {
        JsonNode json = new ObjectMapper().readTree(Json.of(ROWS));

        assertThat(json.isArray()).isTrue();
        assertThat(json).hasSameSizeAs(ROWS);
        assertThat(json.get(0).fieldNames())
                .toIterable()
                .containsExactly("shape", "peer", "sluice", "peerValue", "unit", "ratio", "target", "met");
        assertThat(json.get(0).get("ratio").asDouble()).isEqualTo(2);
        assertThat(json.get(0).get("met").asBoolean()).isTrue();
        assertThat(json.get(1).get("peer").asText()).isEqualTo("a \"peer\" <&> \\ more");
        assertThat(json.get(1).get("target").isNull()).isTrue();
        assertThat(json.get(1).get("met").isNull()).isTrue();
        assertThat(json.get(2).get("peerValue").isNull()).isTrue();
        assertThat(json.get(3).get("sluice").asDouble()).isEqualTo(-1.5);
    }

    @Test
    void json_ofNothing_isAnEmptyList() throws Exception {
        assertThat(new ObjectMapper().readTree(Json.of(List.of()))).isEmpty();
    }

    @Test
    void figures_lookTheSameInEveryLanguage() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(Json.of(ROWS)).contains("25.250").doesNotContain("25,250");
            assertThat(Table.of(ROWS)).contains("25.3").doesNotContain("25,3");
            assertThat(BarChart.of("t", "c", ROWS)).contains("25.3").doesNotContain("25,3");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void table_hasALineForEachRowAndNamesAShapeOnce() {
        List<String> lines = Table.of(ROWS).lines().toList();

        assertThat(lines).hasSize(2 + ROWS.size());
        assertThat(lines).extracting(String::length).containsOnly(lines.get(0).length());
        assertThat(lines).filteredOn(line -> line.contains("buffered-1x1")).hasSize(1);
        assertThat(lines.get(2)).contains("yes");
        assertThat(lines.get(4)).contains(" - ").doesNotContain("yes", "NO");
    }

    @Test
    void chart_isWellFormedAndHasABarForEachFigure() throws Exception {
        Document svg = parse(BarChart.of("Title <1>", "machine & day", ROWS));

        assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(bars(svg, "sluice")).isEqualTo(3);
        assertThat(bars(svg, "peer")).isEqualTo(3);
    }

    @Test
    void chart_ofNothing_isWellFormed() throws Exception {
        assertThat(bars(parse(BarChart.of("nothing", "", List.of())), "sluice")).isZero();
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static int bars(Document svg, String kind) {
        NodeList rectangles = svg.getElementsByTagName("rect");
        int count = 0;
        for (int i = 0; i < rectangles.getLength(); i++) {
            if (rectangles.item(i).getAttributes().getNamedItem("class") != null
                    && rectangles
                            .item(i)
                            .getAttributes()
                            .getNamedItem("class")
                            .getNodeValue()
                            .equals(kind)) {
                count++;
            }
        }
        return count;
    }
}
