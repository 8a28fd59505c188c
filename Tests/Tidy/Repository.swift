import Foundation

/// The files that the rules apply to: what stands in the folders of the project, committed or not yet, and whatever
/// else is committed.
struct Repository: Sendable {
    let files: [SourceFile]

    /// Read once; every rule looks at the same files.
    static let current = Repository(root: rootOfThisFile)

    private static let folders = ["Sources", "Tests", "Migrations", "Benchmarks", "Deploy", ".ci"]
    /// Nothing that a rule would read is larger.
    private static let maximumBytes = 4 << 20

    private static var rootOfThisFile: URL {
        URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    init(root: URL) {
        let tracked = Set(GitIndex(root: root).paths)
        let paths = tracked.union(Repository.walk(root))
        files = paths.sorted().compactMap { path in
            let url = root.appending(path: path)
            let values = try? url.resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey])
            guard values?.isRegularFile == true, values?.fileSize ?? 0 <= Repository.maximumBytes else { return nil }
            guard let content = try? Data(contentsOf: url) else { return nil }
            let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
            let mode = attributes?[.posixPermissions] as? Int ?? 0
            return SourceFile(
                path: path,
                bytes: Array(content),
                isTracked: tracked.contains(path),
                isExecutable: mode & 0o100 != 0
            )
        }
    }

    private static func walk(_ root: URL) -> [String] {
        let inFolders = folders.flatMap { folder in
            let names = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
            return (names?.allObjects ?? []).compactMap { $0 as? String }.map { "\(folder)/\($0)" }
        }
        let atTop = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return (inFolders + atTop).filter { !$0.contains(".build/") && $0 != ".git" }
    }
}

/// What is committed or about to be, read from git's own list (versions 2 and 3) rather than by running git.
struct GitIndex {
    let paths: [String]

    init(root: URL) {
        var directory = root.appending(path: ".git")
        // In a linked work tree `.git` is a file that says where to look.
        if let pointer = try? String(contentsOf: directory, encoding: .utf8), pointer.hasPrefix("gitdir: ") {
            let path = pointer.dropFirst("gitdir: ".count).prefix { $0 != "\n" }
            directory = URL(filePath: String(path), relativeTo: root)
        }
        let content = try? Data(contentsOf: directory.appending(path: "index"))
        self.init(Array(content ?? Data()))
    }

    init(_ bytes: [UInt8]) {
        let number = { (offset: Int, size: Int) in
            bytes[offset..<offset + size].reduce(0) { $0 << 8 | Int($1) }
        }
        let fixedSize = 62
        guard bytes.count > 12, bytes.starts(with: "DIRC".utf8), (2...3).contains(number(4, 4)) else {
            paths = []
            return
        }
        var paths: [String] = []
        var offset = 12
        for _ in 0..<number(8, 4) where offset + fixedSize < bytes.count {
            let isExtended = number(offset + 60, 2) & 0x4000 != 0
            let start = offset + fixedSize + (isExtended ? 2 : 0)
            let path = bytes[start...].prefix { $0 != 0 }
            paths.append(String(decoding: path, as: UTF8.self))
            // An entry ends with one to eight zeros, on a multiple of eight from its beginning.
            offset += (start + path.count - offset) / 8 * 8 + 8
        }
        self.paths = paths
    }
}
