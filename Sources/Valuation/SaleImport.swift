import Core
import Pricing
import Storage
import Tabular
import Web

/// One import of sales under way. Each line succeeds or fails for itself, and is there as soon as its batch is.
struct SaleImport {
    /// What is wrong with more lines than that is wrong with the file.
    static let shownFaults = 100
    static let lineBytes = 64 << 10

    private let database: any Database
    private let source: String
    private let language: Language
    private var batch: [NewSale] = []
    private var read = 0
    private var added = 0
    private var known = 0
    private var refused = 0
    private var faults: [JSON] = []

    init(database: any Database, source: String, language: Language) {
        self.database = database
        self.source = source
        self.language = language
    }

    mutating func take(_ sale: Result<Sale, Failure>, line: Int) async throws {
        read += 1
        switch sale {
        case .success(let sale):
            batch.append(NewSale(source: source, sale: sale))
            if batch.count == KnownSales.perBatch { try await commit() }
        case .failure(let failure): refuse(failure, line)
        }
    }

    mutating func commit() async throws {
        guard !batch.isEmpty else { return }
        let sales = batch
        batch = []
        let isNew = try await database.writeRetrying { try KnownSales.add($0, sales) }
        added += isNew.count { $0 }
        known += isNew.count { !$0 }
    }

    private mutating func refuse(_ failure: Failure, _ line: Int) {
        refused += 1
        guard faults.count < SaleImport.shownFaults else { return }
        let errors = failure.faults.map { fault -> JSON in
            [
                "pointer": JSON(fault.pointer), "code": JSON(fault.code),
                "detail": JSON(fault.detail.text(in: language)),
            ]
        }
        faults.append([
            "line": JSON(line),
            "code": JSON(failure.type.code),
            "detail": JSON(failure.detail.text(in: language)),
            "errors": .array(errors),
        ])
    }

    var summary: JSON {
        [
            "source": JSON(source),
            "read": JSON(read),
            "added": JSON(added),
            "known": JSON(known),
            "refused": JSON(refused),
            "faults": .array(faults),
        ]
    }
}
