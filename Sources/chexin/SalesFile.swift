import CZlib
import Core
import Pricing
import Tabular

/// A table of sales, plain or packed with gzip.
struct SalesFile {
    private static let chunkBytes = 1 << 20

    let sales: [Sale]
    /// Rows without a price or a day.
    let skipped: Int

    /// - Throws: `Refused`, naming the file.
    static func read(_ path: String, _ mapping: SourceMapping) throws -> SalesFile {
        guard let file = gzopen(path, "rb") else { throw Refused(message: "\(path) cannot be opened.") }
        defer { gzclose(file) }
        let reader = CSVReader()
        var rows = Rows(mapping: mapping)
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        do {
            while true {
                let count = gzread(file, &chunk, UInt32(chunkBytes))
                guard count >= 0 else { throw Refused(message: "\(path) is damaged, or packed in another way.") }
                guard count > 0 else { break }
                for record in try reader.take(Array(chunk[..<Int(count)])) { try rows.take(record) }
            }
            for record in try reader.finish() { try rows.take(record) }
        } catch let failure as Failure {
            throw Refused(message: "\(path): \(failure.detail.en)")
        } catch let fault as TableFault {
            throw Refused(message: "\(path), line \(fault.line): \(fault.detail.en)")
        }
        guard rows.reader != nil else { throw Refused(message: "\(path) is empty.") }
        return SalesFile(sales: rows.sales, skipped: rows.skipped)
    }

    private struct Rows {
        let mapping: SourceMapping
        var reader: SaleReader?
        var sales: [Sale] = []
        var skipped = 0

        init(mapping: SourceMapping) { self.mapping = mapping }

        mutating func take(_ record: CSVRecord) throws {
            guard let reader else {
                reader = try SaleReader(mapping: mapping, header: record)
                return
            }
            if let sale = reader.sale(record) { sales.append(sale) } else { skipped += 1 }
        }
    }

    /// The bytes of a small file, such as a mapping or a rule set.
    static func bytes(_ path: String) throws -> [UInt8] {
        guard let file = gzopen(path, "rb") else { throw Refused(message: "\(path) cannot be opened.") }
        defer { gzclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        while true {
            let count = gzread(file, &chunk, UInt32(chunkBytes))
            guard count >= 0 else { throw Refused(message: "\(path) cannot be read.") }
            guard count > 0 else { return bytes }
            bytes += chunk[..<Int(count)]
        }
    }

    static func mapping(_ path: String) throws -> SourceMapping {
        try named(path) { try SourceMapping(reading: $0) }
    }

    /// Reads a document and says every fault with its line.
    static func named<Value>(_ path: String, _ read: ([UInt8]) throws -> Value) throws -> Value {
        do {
            return try read(try bytes(path))
        } catch let failure as Failure {
            let faults = failure.faults.map { "\n  \($0.pointer): \($0.detail.en)" }.joined()
            throw Refused(message: "\(path): \(failure.detail.en)\(faults)")
        }
    }
}
