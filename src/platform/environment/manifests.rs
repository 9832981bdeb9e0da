//! The manifests of an environment, as Argo CD applies them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Environment, Request, Service};
use crate::platform::write;

/// The files by path, numbered in the order in which people read them; Argo CD has its own.
pub(super) fn files(environment: &Environment, request: &Request) -> BTreeMap<String, String> {
    let mut parts: Vec<(String, Vec<Value>)> = vec![
        ("00-namespace".to_owned(), vec![namespace(environment)]),
        ("01-rbac".to_owned(), vec![role_binding(environment)]),
        (
            "02-limits".to_owned(),
            vec![limit_range(environment), quota(environment)],
        ),
        ("03-network".to_owned(), network(environment)),
    ];
    for service in &environment.services {
        let name = format!("10-{}", service.name);
        parts.push((name, workload(environment, service, request)));
    }
    if let Some(fixtures) = &request.fixtures {
        let job = fixtures_job(environment, &fixtures.image);
        parts.push(("90-fixtures".to_owned(), vec![job]));
    }
    let folder = format!("environments/{}", environment.id);
    let names: Vec<String> = parts
        .iter()
        .map(|(name, _)| format!("{name}.yaml"))
        .collect();
    let mut files: BTreeMap<String, String> = parts
        .into_iter()
        .map(|(name, manifests)| {
            let documents: Vec<String> = manifests.iter().map(write::document).collect();
            (format!("{folder}/{name}.yaml"), documents.join("---\n"))
        })
        .collect();
    let kustomization = json!({
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": names,
    });
    files.insert(
        format!("{folder}/kustomization.yaml"),
        write::document(&kustomization),
    );
    files
}

fn namespace(environment: &Environment) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": environment.id,
            "labels": {
                "app.kubernetes.io/managed-by": "goldenpath",
                "goldenpath/environment": environment.id,
                "pod-security.kubernetes.io/enforce": "restricted",
                "pod-security.kubernetes.io/enforce-version": "latest",
            },
            "annotations": {
                "goldenpath/owner": environment.owner,
                "goldenpath/requester": environment.requester,
                "goldenpath/branch": environment.branch,
                "goldenpath/expires-at": environment.expires_at,
            },
        },
    })
}

fn role_binding(environment: &Environment) -> Value {
    let group = environment.owner.rsplit('/').next().unwrap_or_default();
    let api_group = "rbac.authorization.k8s.io";
    json!({
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": metadata(environment, "owner"),
        "roleRef": { "apiGroup": api_group, "kind": "ClusterRole", "name": "edit" },
        "subjects": [{ "apiGroup": api_group, "kind": "Group", "name": group }],
    })
}

fn limit_range(environment: &Environment) -> Value {
    let one = environment.size.of_service();
    let amount = json!({ "cpu": one.cpu, "memory": one.memory });
    json!({
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": metadata(environment, "defaults"),
        "spec": {
            "limits": [{ "type": "Container", "default": amount, "defaultRequest": amount }],
        },
    })
}

/// Room for one more than there are, so that a rolling update and the fixtures fit.
fn quota(environment: &Environment) -> Value {
    let one = environment.size.of_service();
    let count = environment.services.len() + 1;
    let cpu = format!("{}m", one.millicores * count);
    let memory = format!("{}Mi", one.mebibytes * count);
    json!({
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": metadata(environment, "environment"),
        "spec": {
            "hard": {
                "requests.cpu": cpu,
                "requests.memory": memory,
                "limits.cpu": cpu,
                "limits.memory": memory,
                "pods": (count * 2).to_string(),
                "services.loadbalancers": "0",
                "services.nodeports": "0",
            },
        },
    })
}

/// Nothing in or out, but among each other, to the name server, and in through the ingress.
fn network(environment: &Environment) -> Vec<Value> {
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
            "metadata": metadata(environment, name),
            "spec": spec,
        })
    });
    policies.collect()
}

fn workload(environment: &Environment, service: &Service, request: &Request) -> Vec<Value> {
    let one = environment.size.of_service();
    let amount = json!({ "cpu": one.cpu, "memory": one.memory });
    let select = json!({ "app.kubernetes.io/name": service.name });
    let labels = json!({
        "app.kubernetes.io/name": service.name,
        "app.kubernetes.io/managed-by": "goldenpath",
        "backstage.io/kubernetes-id": service.name,
        "goldenpath/environment": environment.id,
    });
    let metadata = json!({ "name": service.name, "namespace": environment.id, "labels": labels });
    let container = json!({
        "name": service.name,
        "image": service.image,
        "ports": [{ "name": "http", "containerPort": service.port }],
        "resources": { "requests": amount, "limits": amount },
        "securityContext": restricted_container(),
    });
    let certificate = request.certificate.as_deref().unwrap_or("wildcard");
    let backend = json!({ "service": { "name": service.name, "port": { "name": "http" } } });
    vec![
        json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": metadata,
            "spec": {
                "replicas": 1,
                "selector": { "matchLabels": select },
                "template": {
                    "metadata": { "labels": labels },
                    "spec": {
                        "automountServiceAccountToken": false,
                        "securityContext": restricted_pod(),
                        "containers": [container],
                    },
                },
            },
        }),
        json!({
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": metadata,
            "spec": {
                "selector": select,
                "ports": [{ "name": "http", "port": 80, "targetPort": "http" }],
            },
        }),
        json!({
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": metadata,
            "spec": {
                "tls": [{ "hosts": [service.host], "secretName": certificate }],
                "rules": [{
                    "host": service.host,
                    "http": { "paths": [{ "path": "/", "pathType": "Prefix", "backend": backend }] },
                }],
            },
        }),
    ]
}

/// Test data, loaded when all else is applied.
fn fixtures_job(environment: &Environment, image: &str) -> Value {
    let mut metadata = metadata(environment, "fixtures");
    if let Some(metadata) = metadata.as_object_mut() {
        let hook = json!({
            "argocd.argoproj.io/hook": "PostSync",
            "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
        });
        metadata.insert("annotations".to_owned(), hook);
    }
    let container = json!({
        "name": "fixtures",
        "image": image,
        "securityContext": restricted_container(),
    });
    json!({
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata,
        "spec": {
            "backoffLimit": 2,
            "template": {
                "spec": {
                    "automountServiceAccountToken": false,
                    "restartPolicy": "Never",
                    "securityContext": restricted_pod(),
                    "containers": [container],
                },
            },
        },
    })
}

fn metadata(environment: &Environment, name: &str) -> Value {
    json!({
        "name": name,
        "namespace": environment.id,
        "labels": {
            "app.kubernetes.io/managed-by": "goldenpath",
            "goldenpath/environment": environment.id,
        },
    })
}

fn restricted_pod() -> Value {
    json!({ "runAsNonRoot": true, "seccompProfile": { "type": "RuntimeDefault" } })
}

fn restricted_container() -> Value {
    json!({
        "allowPrivilegeEscalation": false,
        "readOnlyRootFilesystem": true,
        "capabilities": { "drop": ["ALL"] },
    })
}
