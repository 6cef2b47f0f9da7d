package dev.sluice.perf.files;

import java.util.List;
import java.util.Optional;

/**
 * What is measured of files.
 *
 * @param label the shape's name as it is written
 * @param work what is done in a turn
 */
record FilesShape(String label, Work work) {
    static final List<FilesShape> ALL = List.of(
            new FilesShape("read-16-x1", Transfer.read(1)),
            new FilesShape("read-16-x32", Transfer.read(32)),
            new FilesShape("write-16-x1", Transfer.write(1)),
            new FilesShape("write-16-x32", Transfer.write(32)),
            new FilesShape("read-64k", Transfer.readLarge(8)),
            new FilesShape("blocked-readers", new BlockedReaders(1_000)),
            new FilesShape("list-100000", new Listing(100_000)));

    static Optional<FilesShape> named(String label) {
        return ALL.stream().filter(shape -> shape.label.equals(label)).findFirst();
    }

    static List<String> labels() {
        return ALL.stream().map(FilesShape::label).toList();
    }
}
