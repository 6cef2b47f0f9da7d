package dev.sluice.perf;

import dev.sluice.perf.report.BarChart;
import dev.sluice.perf.report.Json;
import dev.sluice.perf.report.Row;
import dev.sluice.perf.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where figures go: files, and standard output.
 *
 * @param folder where files are written
 * @param name what their names begin with
 * @param caption where and when the figures were measured
 * @param isJson whether standard output gets JSON, and standard error the table
 */
record Results(Path folder, String name, String caption, boolean isJson) {

    /** Of a benchmark with its options; whether only part of it is measured. */
    static Results of(String benchmark, Options options, boolean isPart, Machine machine) {
        return new Results(
                options.path("--results", Main.RESULTS),
                name(benchmark, options.has("--quick"), isPart),
                machine.describe(),
                options.has("--json"));
    }

    /** Figures of a whole, full run have a name of their own, so that no trial overwrites them. */
    static String name(String benchmark, boolean isQuick, boolean isPart) {
        return benchmark + (isQuick ? "-quick" : "") + (isPart ? "-part" : "");
    }

    /** Writes the rows as JSON and as a table. */
    void save(List<Row> rows) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".json"), Json.of(rows));
        Files.writeString(folder.resolve(name + ".md"), caption + "\n\n" + Table.of(rows));
        System.err.println("Written: " + folder.resolve(name) + ".json and .md");
    }

    /** Writes rows as a chart. */
    void chart(String suffix, String title, List<Row> rows) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(name + suffix + ".svg");
        Files.writeString(file, BarChart.of(title, caption, rows));
        System.err.println("Written: " + file);
    }

    void print(List<Row> rows) {
        String table = caption + "\n\n" + Table.of(rows);
        if (isJson) {
            System.err.println(table);
            System.out.print(Json.of(rows));
        } else {
            System.out.println(table);
        }
    }
}
