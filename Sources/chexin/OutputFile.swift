import FoundationEssentials

/// A file that somebody asked for: whole, or what was there before.
enum OutputFile {
    static func write(_ bytes: [UInt8], to path: String) throws {
        do {
            try Data(bytes).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw Refused(message: "\(path) cannot be written.")
        }
    }
}
