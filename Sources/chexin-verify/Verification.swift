import Core
import Ledger

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

enum Verification {
    static func run(_ arguments: [String]) -> ExitCode {
        let options: Options
        do throws(Options.Misunderstood) {
            options = try Options(arguments)
        } catch {
            complain("? \(error.what)\n\n\(Options.usage)")
            return .misuse
        }
        if options.help {
            print(Options.usage)
            return .genuine
        }
        return verify(options)
    }

    private static func verify(_ options: Options) -> ExitCode {
        let keys: BundleKeys
        switch readKeys(options.keys) {
        case .success(let read): keys = read
        case .failure(let error):
            complain(said(error.text, options))
            return .misuse
        }
        guard let bytes = contents(of: options.bundle, limit: ProofBundle.maximumByteCount + 1) else {
            let text = LocalizedText(zh: "无法读取文件 \(options.bundle)", en: "Cannot read \(options.bundle)")
            complain(said(text, options))
            return .misuse
        }
        let verdicts = BundleVerifier.verify(bytes, keys: keys)
        report(verdicts, options)
        return verdicts.isGenuine ? .genuine : .failed
    }

    private struct KeysError: Error {
        let text: LocalizedText
    }

    private static func readKeys(_ path: String) -> Result<BundleKeys, KeysError> {
        guard let bytes = contents(of: path, limit: LogPolicy.maximumByteCount + 1),
            let text = String(validating: bytes, as: UTF8.self)
        else {
            return .failure(KeysError(text: LocalizedText(zh: "无法读取密钥文件 \(path)", en: "Cannot read \(path)")))
        }
        do throws(PolicyError) {
            return .success(try BundleKeys(parsing: text))
        } catch {
            let place = error.line == 0 ? path : "\(path):\(error.line)"
            let text = LocalizedText(zh: "\(place)：\(error.detail.zh)", en: "\(place): \(error.detail.en)")
            return .failure(KeysError(text: text))
        }
    }

    private static func report(_ verdicts: [BundleVerdict], _ options: Options) {
        if options.json {
            let json: JSON = [
                "genuine": .bool(verdicts.isGenuine),
                "summary": ["zh": .string(verdicts.summary.zh), "en": .string(verdicts.summary.en)],
                "verdicts": .array(verdicts.map(\.json)),
            ]
            print(String(decoding: json.bytes, as: UTF8.self))
            return
        }
        let width = verdicts.map(\.code.count).max() ?? 0
        for verdict in verdicts {
            let code = verdict.code + String(repeating: " ", count: width - verdict.code.count)
            print("\(mark(verdict.outcome)) \(code)  \(visible(said(verdict.detail, options)))")
        }
        print("\n\(visible(said(verdicts.summary, options)))")
    }

    private static func mark(_ outcome: BundleOutcome) -> String {
        switch outcome {
        case .passed: "✓"
        case .sealed: "◌"
        case .failed: "✗"
        case .unchecked: "?"
        }
    }

    private static func said(_ text: LocalizedText, _ options: Options) -> String {
        options.language == .zh ? text.zh : text.en
    }

    /// A hostile file must not speak to the terminal: what it names is printed without controls.
    private static func visible(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 })
        )
    }

    private static func complain(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    /// - Returns: at most `limit` bytes, so that a file without end ends.
    private static func contents(of path: String, limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < limit {
            let count = read(descriptor, &chunk, chunk.count)
            if count == 0 { break }
            guard count > 0 else { return nil }
            bytes += chunk.prefix(count)
        }
        return bytes
    }
}
