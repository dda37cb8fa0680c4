package main

import (
	"context"
	"flag"
	"fmt"
	"os/signal"
	"syscall"
	"time"

	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	// Pods with this annotation keep whatever status a test gave them.
	heldAnnotation = "fake-kubelet/hold"
	leaseNamespace = "kube-node-lease"
	leaseSeconds   = int32(40)
	heartbeat      = 10 * time.Second
)

// runFakeKubelet registers nodes without machines, keeps their leases, and lets their pods run and go, until SIGTERM.
// What fails is tried again with the next heartbeat.
func runFakeKubelet(args []string) error {
	flags := flag.NewFlagSet("fake-kubelet", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "file with the credentials to use")
	count := flags.Int("nodes", 3, "how many nodes")
	version := flags.String("version", "", "version that the nodes report")
	port := flags.Int("port", 0, "loopback port of the logs")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return err
	}
	config.QPS, config.Burst = 500, 500
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if err := serveLogs(*port); err != nil {
		return err
	}
	names := map[string]bool{}
	for index := 1; index <= *count; index++ {
		name := fmt.Sprintf("fake-%d", index)
		names[name] = true
		go wait.UntilWithContext(ctx, func(ctx context.Context) {
			complain(ctx, register(ctx, client, name, *version, int32(*port)))
			complain(ctx, renew(ctx, client, name))
		}, heartbeat)
	}
	return runPods(ctx, client, names)
}

// register creates the node, unless it exists, and writes its status, unless it says that the node is ready: the node
// controller takes that away from a node that was silent.
func register(ctx context.Context, client kubernetes.Interface, name, version string, port int32) error {
	_, err := client.CoreV1().Nodes().Create(ctx, &core.Node{ObjectMeta: meta.ObjectMeta{
		Name: name,
		Labels: map[string]string{
			core.LabelHostname: name, core.LabelOSStable: "linux", core.LabelArchStable: "amd64",
		},
	}}, meta.CreateOptions{})
	if err != nil && !errors.IsAlreadyExists(err) {
		return err
	}
	node, err := client.CoreV1().Nodes().Get(ctx, name, meta.GetOptions{})
	if err != nil {
		return err
	}
	for _, condition := range node.Status.Conditions {
		if condition.Type == core.NodeReady && condition.Status == core.ConditionTrue {
			return nil
		}
	}
	room := core.ResourceList{
		core.ResourceCPU: resource.MustParse("16"), core.ResourceMemory: resource.MustParse("64Gi"),
		core.ResourceEphemeralStorage: resource.MustParse("500Gi"), core.ResourcePods: resource.MustParse("250"),
	}
	node.Status = core.NodeStatus{
		Capacity: room, Allocatable: room,
		Addresses: []core.NodeAddress{
			{Type: core.NodeInternalIP, Address: "127.0.0.1"}, {Type: core.NodeHostName, Address: name},
		},
		DaemonEndpoints: core.NodeDaemonEndpoints{KubeletEndpoint: core.DaemonEndpoint{Port: port}},
		Conditions: []core.NodeCondition{
			nodeCondition(core.NodeMemoryPressure, core.ConditionFalse),
			nodeCondition(core.NodeDiskPressure, core.ConditionFalse),
			nodeCondition(core.NodePIDPressure, core.ConditionFalse),
			nodeCondition(core.NodeReady, core.ConditionTrue),
		},
		NodeInfo: core.NodeSystemInfo{
			KubeletVersion: version, OSImage: "none", OperatingSystem: "linux", Architecture: "amd64",
			KernelVersion: "6.1", ContainerRuntimeVersion: "fake://1", BootID: name, MachineID: name, SystemUUID: name,
		},
	}
	_, err = client.CoreV1().Nodes().UpdateStatus(ctx, node, meta.UpdateOptions{})
	return err
}

func nodeCondition(kind core.NodeConditionType, status core.ConditionStatus) core.NodeCondition {
	return core.NodeCondition{
		Type: kind, Status: status, Reason: "Fake", LastHeartbeatTime: meta.Now(), LastTransitionTime: meta.Now(),
	}
}

// renew says that the node lives.
func renew(ctx context.Context, client kubernetes.Interface, name string) error {
	now, seconds := meta.NowMicro(), leaseSeconds
	leases := client.CoordinationV1().Leases(leaseNamespace)
	spec := coordination.LeaseSpec{HolderIdentity: &name, LeaseDurationSeconds: &seconds, RenewTime: &now}
	lease, err := leases.Get(ctx, name, meta.GetOptions{})
	if errors.IsNotFound(err) {
		fresh := &coordination.Lease{ObjectMeta: meta.ObjectMeta{Name: name}, Spec: spec}
		_, err = leases.Create(ctx, fresh, meta.CreateOptions{})
	} else if err == nil {
		lease.Spec = spec
		_, err = leases.Update(ctx, lease, meta.UpdateOptions{})
	}
	return err
}

// runPods gives every pod of the nodes the status that its stage asks for.
func runPods(ctx context.Context, client kubernetes.Interface, nodes map[string]bool) error {
	factory := informers.NewSharedInformerFactory(client, 0)
	look := func(object any) {
		pod, ok := object.(*core.Pod)
		if !ok || !nodes[pod.Spec.NodeName] || pod.Annotations[heldAnnotation] != "" {
			return
		}
		advance(ctx, client, pod.DeepCopy())
	}
	handler := cache.ResourceEventHandlerFuncs{AddFunc: look, UpdateFunc: func(_, object any) { look(object) }}
	if _, err := factory.Core().V1().Pods().Informer().AddEventHandler(handler); err != nil {
		return err
	}
	factory.Start(ctx.Done())
	<-ctx.Done()
	return nil
}

// advance takes a pod one stage further: deleted pods go, new ones run, those that need not restart succeed.
func advance(ctx context.Context, client kubernetes.Interface, pod *core.Pod) {
	pods := client.CoreV1().Pods(pod.Namespace)
	switch {
	case pod.DeletionTimestamp != nil:
		grace := int64(0)
		same := meta.NewUIDPreconditions(string(pod.UID))
		err := pods.Delete(ctx, pod.Name, meta.DeleteOptions{GracePeriodSeconds: &grace, Preconditions: same})
		if !errors.IsNotFound(err) {
			complain(ctx, err)
		}
	case pod.Status.Phase == core.PodPending:
		run(pod, pod.Spec.RestartPolicy != core.RestartPolicyAlways)
		_, err := pods.UpdateStatus(ctx, pod, meta.UpdateOptions{})
		// Whoever changed the pod meanwhile makes an event that leads here again.
		if !errors.IsConflict(err) && !errors.IsNotFound(err) {
			complain(ctx, err)
		}
	}
}

// run writes the status of a pod that runs, or that did its work and ended.
func run(pod *core.Pod, ended bool) {
	now := meta.Now()
	pod.Status.Phase, pod.Status.StartTime = core.PodRunning, &now
	pod.Status.HostIP, pod.Status.PodIP = "127.0.0.1", "10.255.0.1"
	pod.Status.PodIPs = []core.PodIP{{IP: pod.Status.PodIP}}
	ready, state := core.ConditionTrue, core.ContainerState{Running: &core.ContainerStateRunning{StartedAt: now}}
	done := core.ContainerState{Terminated: &core.ContainerStateTerminated{
		Reason: "Completed", StartedAt: now, FinishedAt: now,
	}}
	if ended {
		pod.Status.Phase, ready, state = core.PodSucceeded, core.ConditionFalse, done
	}
	pod.Status.Conditions = []core.PodCondition{
		{Type: core.PodScheduled, Status: core.ConditionTrue, LastTransitionTime: now},
		{Type: core.PodInitialized, Status: core.ConditionTrue, LastTransitionTime: now},
		{Type: core.ContainersReady, Status: ready, LastTransitionTime: now},
		{Type: core.PodReady, Status: ready, LastTransitionTime: now},
	}
	pod.Status.InitContainerStatuses = statuses(pod.Spec.InitContainers, done, true)
	pod.Status.ContainerStatuses = statuses(pod.Spec.Containers, state, !ended)
}

func statuses(containers []core.Container, state core.ContainerState, ready bool) []core.ContainerStatus {
	result := make([]core.ContainerStatus, 0, len(containers))
	for _, container := range containers {
		result = append(result, core.ContainerStatus{
			Name: container.Name, Image: container.Image, ImageID: "fake", ContainerID: "fake://" + container.Name,
			State: state, Ready: ready, Started: &ready,
		})
	}
	return result
}
