import Core
import HTTPTypes
import Testing
import Web

@testable import chexin

/// The codes of the document against the catalogues that the slices keep.
@Suite struct ProblemCodeTests {
    @Test func `every code of the catalogues is in the document, and no other`() throws {
        let documented = try APIDocument.load().schema("ProblemCode")["enum"]?.strings ?? []
        let known = Composition.problemTypes.map(\.code)
        #expect(Set(documented).subtracting(known).sorted() == [])
        #expect(Set(known).subtracting(documented).sorted() == [])
        #expect(Set(documented).count == documented.count)
    }

    @Test func `every code stands under its own status`() throws {
        let contract = try APIDocument.load()
        let statuses = Composition.problemTypes.reduce(into: [String: Int]()) { $0[$1.code] = $1.status.code }
        for operation in contract.operations {
            for (status, response) in operation.responses(contract) {
                for (place, code) in response.allCodes(under: status) {
                    #expect(statuses[code].map(String.init) == place, "\(operation) \(status) \(code)")
                }
            }
        }
    }

    @Test func `every refusal says which codes it may have`() throws {
        let contract = try APIDocument.load()
        for operation in contract.operations {
            for (status, response) in operation.responses(contract) where !status.hasPrefix("2") && status != "304" {
                #expect(!response.allCodes(under: status).isEmpty, "\(operation) \(status)")
            }
        }
    }

    /// What no operation gives: faults of the operator's own commands, and what concerns no endpoint.
    private static let elsewhere: Set<String> = [
        "already_bootstrapped", "amount_out_of_range", "calendar_year_unknown", "cross_site_request", "invalid_split",
        "method_not_allowed", "too_few_sales",
    ]

    @Test func `every other code is given by some operation`() throws {
        let contract = try APIDocument.load()
        let given = contract.operations.flatMap { operation in
            operation.responses(contract).flatMap { $0.response.allCodes(under: $0.status).map(\.code) }
        }
        let known = Set(Composition.problemTypes.map(\.code))
        #expect(known.subtracting(given) == ProblemCodeTests.elsewhere)
    }
}
