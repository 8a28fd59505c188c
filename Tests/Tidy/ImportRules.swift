/// Which way the arrows point.
///
/// `chexin → Pages → Claims → Warranty → Watches → Listings → Valuation → History → TransparencyLog → Identity →
/// Web → Ledger, Storage → Cryptography → Core`
enum Arrows {
    /// From what knows nothing of ours to what knows everything. A target may import the rows above its own.
    static let rows: [Set<String>] = [
        ["Core", "EmbedText", "EmbedTextPlugin"],
        ["Cryptography", "Demonstration", "Imaging", "Outbound", "Tabular"],
        ["Ledger", "Pricing", "Storage"],
        ["StorageSQLite", "StoragePostgres", "StoreMove", "Migrations", "Web", "Jobs"],
        ["Identity", "OpenAPI", "Accounts"],
        ["TransparencyLog", "People"],
        ["History"],
        ["Valuation"],
        ["Listings"],
        ["Watches"],
        ["Warranty"],
        ["Claims"],
        ["Pages"],
        ["chexin", "Benchmarks", "chexin-verify"],
    ]

    /// Modules that only some may import, from outside or of ours. A name with `*` stands for all that begin so.
    static let reserved: [(module: String, importers: Set<String>)] = [
        ("GRDB*", ["StorageSQLite", "Tests/StorageTests"]),
        ("Hummingbird*", ["Web", "chexin", "Benchmarks", "Tests/*"]),
        ("COpenSSL", ["Cryptography"]),
        ("CLibSodium", ["Cryptography"]),
        ("CLibPQ", ["StoragePostgres"]),
        ("CTurboJPEG", ["Imaging", "Tests/ImagingTests"]),
        ("CZlib", ["chexin", "Tests/PricingTests"]),
        ("CLibPNG", ["Imaging", "Tests/ImagingTests"]),
        ("CLibWebP", ["Imaging", "Tests/ImagingTests"]),
        ("CLibCurl", ["Outbound"]),
        ("StorageSQLite", storeImporters),
        ("StoragePostgres", storeImporters),
        ("Migrations", storeImporters),
    ]

    /// Besides those who compose a store, the tests of the driver and of the composition; every other test gets its
    /// store from `Support`.
    private static let storeImporters: Set<String> = [
        "chexin", "Benchmarks", "Tests/Support", "Tests/StorageTests", "Tests/ChexinTests",
    ]

    /// Targets that outsiders rely on, and everything that they may import.
    static let closed: [String: Set<String>] = [
        "Core": ["Glibc", "Musl", "Darwin", "Synchronization"],
        "Ledger": ["Glibc", "Musl", "Darwin", "Core", "Cryptography"],
        "chexin-verify": ["Glibc", "Musl", "Darwin", "Core", "Cryptography", "Ledger"],
    ]

    static func row(of target: String) -> Int? {
        rows.firstIndex { $0.contains(target) }
    }
}

extension Rule {
    static let imports = [
        Rule(
            "imports only point down",
            instead: "move what is needed into the lower target, or declare a protocol where it is needed"
        ) { file in
            guard file.isSwift, !file.path.hasPrefix("Tests/"), file.path != "Package.swift" else { return [] }
            guard let own = Arrows.row(of: file.target) else {
                return [Finding(line: 1, what: "`\(file.target)` has no place in `Arrows.rows`")]
            }
            return file.imports.filter { module, _ in (Arrows.row(of: module) ?? -1) >= own }.map { module, line in
                Finding(line: line, what: "`\(file.target)` imports `\(module)`")
            }
        },
        Rule(
            "some modules have few importers",
            instead: "use the typed target that wraps the module; tests get their store from `Support`"
        ) { file in
            file.imports.compactMap { module, line in
                let rule = Arrows.reserved.first { matches(module, $0.module) }
                guard let rule, !rule.importers.contains(where: { matches(file.target, $0) }) else { return nil }
                return Finding(line: line, what: "`\(file.target)` imports `\(module)`")
            }
        },
        Rule(
            "Core and Ledger are closed",
            instead: "keep what needs another module out of them; time, files and formats have types in `Core`"
        ) { file in
            guard let allowed = Arrows.closed[file.target] else { return [] }
            return file.imports.filter { !allowed.contains($0.module) }.map { module, line in
                Finding(line: line, what: "`\(file.target)` imports `\(module)`")
            }
        },
    ]

    private static func matches(_ name: String, _ pattern: String) -> Bool {
        pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }
}

extension SourceFile {
    /// Every module that a Swift file imports, with its line.
    var imports: [(module: String, line: Int)] {
        guard isSwift else { return [] }
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        let lines = String(decoding: code, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().compactMap { index, line in
            guard line.contains("import ") else { return nil }
            let words = line.split(separator: " ")
            guard let keyword = words.firstIndex(of: "import"), words[..<keyword].allSatisfy(isImportModifier) else {
                return nil
            }
            guard let name = words[(keyword + 1)...].first(where: { !kinds.contains($0) }) else { return nil }
            return (String(name.prefix { $0 != "." }), index + 1)
        }
    }

    private func isImportModifier(_ word: Substring) -> Bool {
        word.hasPrefix("@") || ["package", "public", "internal", "private", "fileprivate"].contains(word)
    }
}
