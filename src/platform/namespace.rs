//! A namespace that nobody can fill, leave or enter by accident: quota, limits, default-deny network,
//! restricted pods, rights for its owner.

use serde_json::{Value, json};

/// A namespace for environments and sandboxes.
pub(super) struct Namespace<'a> {
    pub name: &'a str,
    /// Who may edit it: the kind and name of a subject.
    pub subject: Value,
    pub annotations: Value,
    /// By which all that belongs to it is found.
    pub label: (&'a str, &'a str),
    /// What each of its services may use.
    pub each: Allowance,
    pub count: usize,
}

/// An amount of computing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance {
    pub millicores: usize,
    pub mebibytes: usize,
}

impl Allowance {
    pub fn cpu(self) -> String {
        format!("{}m", self.millicores)
    }

    pub fn memory(self) -> String {
        format!("{}Mi", self.mebibytes)
    }

    pub fn times(self, count: usize) -> Self {
        Self {
            millicores: self.millicores * count,
            mebibytes: self.mebibytes * count,
        }
    }

    /// As the requests or limits of a container.
    pub fn json(self) -> Value {
        json!({ "cpu": self.cpu(), "memory": self.memory() })
    }
}

impl Namespace<'_> {
    /// All of it, the namespace first.
    pub fn manifests(&self) -> Vec<Value> {
        let mut all = vec![
            self.itself(),
            self.role_binding(),
            self.limit_range(),
            self.quota(),
        ];
        all.extend(self.network());
        all
    }

    pub fn itself(&self) -> Value {
        let mut labels = self.labels();
        if let Some(labels) = labels.as_object_mut() {
            let enforce = "pod-security.kubernetes.io/enforce";
            labels.insert(enforce.to_owned(), json!("restricted"));
            labels.insert(format!("{enforce}-version"), json!("latest"));
        }
        json!({
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": { "name": self.name, "labels": labels, "annotations": self.annotations },
        })
    }

    pub fn role_binding(&self) -> Value {
        let api_group = "rbac.authorization.k8s.io";
        let mut subject = json!({ "apiGroup": api_group });
        if let (Some(subject), Some(who)) = (subject.as_object_mut(), self.subject.as_object()) {
            subject.extend(who.clone());
        }
        json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": self.metadata("owner"),
            "roleRef": { "apiGroup": api_group, "kind": "ClusterRole", "name": "edit" },
            "subjects": [subject],
        })
    }

    pub fn limit_range(&self) -> Value {
        let amount = self.each.json();
        json!({
            "apiVersion": "v1",
            "kind": "LimitRange",
            "metadata": self.metadata("defaults"),
            "spec": {
                "limits": [{ "type": "Container", "default": amount, "defaultRequest": amount }],
            },
        })
    }

    /// Room for one more than there are, so that a rolling update and the fixtures fit.
    pub fn quota(&self) -> Value {
        let count = self.count + 1;
        let all = self.each.times(count);
        json!({
            "apiVersion": "v1",
            "kind": "ResourceQuota",
            "metadata": self.metadata("all"),
            "spec": {
                "hard": {
                    "requests.cpu": all.cpu(),
                    "requests.memory": all.memory(),
                    "limits.cpu": all.cpu(),
                    "limits.memory": all.memory(),
                    "pods": (count * 2).to_string(),
                    "services.loadbalancers": "0",
                    "services.nodeports": "0",
                },
            },
        })
    }

    /// Nothing in or out, but among each other, to the name server, and in through the ingress.
    pub fn network(&self) -> Vec<Value> {
        let of_namespace = |name: &str| json!([{ "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": name } } }]);
        let all = json!({});
        let rules = [
            (
                "default-deny",
                json!({ "podSelector": all, "policyTypes": ["Ingress", "Egress"] }),
            ),
            (
                "within",
                json!({
                    "podSelector": all,
                    "policyTypes": ["Ingress", "Egress"],
                    "ingress": [{ "from": [{ "podSelector": all }] }],
                    "egress": [{ "to": [{ "podSelector": all }] }],
                }),
            ),
            (
                "names",
                json!({
                    "podSelector": all,
                    "policyTypes": ["Egress"],
                    "egress": [{
                        "to": of_namespace("kube-system"),
                        "ports": [{ "protocol": "UDP", "port": 53 }, { "protocol": "TCP", "port": 53 }],
                    }],
                }),
            ),
            (
                "from-ingress",
                json!({
                    "podSelector": all,
                    "policyTypes": ["Ingress"],
                    "ingress": [{ "from": of_namespace("ingress-nginx") }],
                }),
            ),
        ];
        let policies = rules.into_iter().map(|(name, spec)| {
            json!({
                "apiVersion": "networking.k8s.io/v1",
                "kind": "NetworkPolicy",
                "metadata": self.metadata(name),
                "spec": spec,
            })
        });
        policies.collect()
    }

    /// Of something in it.
    pub fn metadata(&self, name: &str) -> Value {
        json!({ "name": name, "namespace": self.name, "labels": self.labels() })
    }

    fn labels(&self) -> Value {
        let (key, value) = self.label;
        json!({ "app.kubernetes.io/managed-by": "goldenpath", key: value })
    }
}
