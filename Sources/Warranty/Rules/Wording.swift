package import Core
package import Cryptography

/// Every word of a plan, as it is shown to the buyer and printed in his contract: the same text, the same hash.
package struct Wording: Sendable, Hashable {
    package let sections: [Section]

    package struct Section: Sendable, Hashable {
        package let title: LocalizedText
        package let clauses: [Clause]
    }

    /// A line a clause, Chinese and English, with where it comes from.
    package var text: String {
        sections.flatMap { section in
            ["# \(section.title.zh) / \(section.title.en)"]
                + section.clauses.flatMap { clause in
                    [
                        "\(clause.id) \(clause.text.zh)（\(clause.source.citation.zh)）",
                        "\(clause.id) \(clause.text.en) (\(clause.source.citation.en))",
                    ]
                }
        }.joined(separator: "\n") + "\n"
    }

    package var hash: Digest { SHA256.hash(Array(text.utf8)) }
}

extension PlanBook {
    package func wording(of plan: WarrantyPlan) -> Wording {
        wordings[plan.id]?.wording ?? writeWording(of: plan)
    }

    package func wordingHash(of plan: WarrantyPlan) -> Digest {
        wordings[plan.id]?.hash ?? writeWording(of: plan).hash
    }

    func writeWording(of plan: WarrantyPlan) -> Wording {
        func section(_ zh: String, _ en: String, _ ids: [String]) -> Wording.Section {
            Wording.Section(title: LocalizedText(zh: zh, en: en), clauses: ids.compactMap { clause($0) })
        }
        let promise = plan.capacity.map { [$0.clause, $0.methodClause] } ?? []
        let conditional = clauses(of: .conditional, plan).filter { !promise.contains($0) }
        let law = floors.map(\.clause) + [manufacturer.clause, manufacturer.transferClause]
        return Wording(sections: [
            section("法定保障", "What the law grants", law),
            section("保什么", "What is covered", clauses(of: .covered, plan)),
            section("有条件承保", "What is covered on a condition", conditional + promise),
            section("不保什么", "What is not covered", exclusionClauses),
            section("合同如何履行", "How the contract lives", termClauses),
            section("理赔时须提供", "What a claimant shows", evidence.byPayer[plan.kind.payer] ?? []),
        ])
    }

    /// In the order of the parts, each once.
    package func clauses(of cover: Cover, _ plan: WarrantyPlan) -> [String] {
        var clauses: [String] = []
        for component in tree.components {
            let ruling = ruling(.plan(plan.id), component)
            if ruling.cover == cover, !clauses.contains(ruling.clause) { clauses.append(ruling.clause) }
        }
        return clauses
    }
}

extension WarrantyPlan.Kind {
    package var payer: Payer { self == .tier ? .platform : .insurer }
}
