import FoundationEssentials
import Glibc

/// A directory of a test's own, removed with everything in it when nobody holds it any more.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws {
        var template = Array((FileManager.default.temporaryDirectory.path + "/chexin-test-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Of all its files, one after the other.
    package func bytes() throws -> [UInt8] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted().flatMap { name in
            try Data(contentsOf: URL(filePath: path(name)))
        }
    }

    package func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path(name)))
    }

    /// Nothing where there is no such file.
    package func copy(_ name: String, to other: TemporaryDirectory) throws {
        guard FileManager.default.fileExists(atPath: path(name)) else { return }
        try FileManager.default.copyItem(atPath: path(name), toPath: other.path(name))
    }

    /// Where a file in it would be.
    package func path(_ name: String) -> String {
        "\(path)/\(name)"
    }
}
