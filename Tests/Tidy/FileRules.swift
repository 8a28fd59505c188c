extension Rule {
    static let files = [
        Rule("no store and no key is committed", instead: "make it when it is needed, and keep it out of the index") {
            file in
            let endings = [
                ".sqlite", ".sqlite-wal", ".sqlite-shm", ".db", ".db-wal", ".db-shm", ".key", ".pem", ".p12",
            ]
            guard file.isTracked, let ending = endings.first(where: file.path.hasSuffix) else { return [] }
            return [Finding(line: 1, what: "a tracked `\(ending)` file")]
        },
        Rule("scripts can be run", instead: "`chmod +x`") { file in
            let isInFolder = file.path.hasPrefix("Deploy/") || file.path.hasPrefix(".ci/")
            let isScript = file.path == ".ci/run" || file.bytes.starts(with: "#!".utf8)
            guard isInFolder, isScript, !file.isExecutable else { return [] }
            return [Finding(line: 1, what: "a script without its run bit")]
        },
    ]
}
